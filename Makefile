.PHONY: demo sandbox test fmt

# From nothing to a linked org, with the real Terraform against the sandbox.
demo:
	@tools/demo

# Keeps the sandbox running, and prints what to export.
sandbox:
	@tools/sandbox

# Everything that CI runs.
test:
	@tools/test

fmt:
	cargo fmt --all
