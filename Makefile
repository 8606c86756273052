.PHONY: demo sandbox test load fmt

# From nothing to a linked org, with the real Terraform against the sandbox.
demo:
	@tools/demo

# Keeps the sandbox running, and prints what to export.
sandbox:
	@tools/sandbox

# Everything that CI runs.
test:
	@tools/test

# Two hundred integrations and links below a rate limit, and a hundred providers at once. Takes minutes.
load:
	@tools/load

fmt:
	cargo fmt --all
