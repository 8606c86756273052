.PHONY: demo sandbox docs test test-compat budgets bench load fuzz fmt dist deny lint-workflows

# From nothing to a linked org, with the real Terraform against the sandbox.
demo:
	@tools/demo

# Keeps the sandbox running, and prints what to export.
sandbox:
	@tools/sandbox

# Makes docs/ from the schema, templates/ and examples/. `make test` fails when it is stale.
docs:
	@tools/generate-docs

# Everything that CI runs.
test:
	@tools/test

# The acceptance tests of each feature with Terraform 1.6 and 1.8 to 1.15, as a table. Gets these releases, 1.2 GB, once.
test-compat:
	@tests/compat/run

# Bytes, instructions until the handshake and memory of the release binary, held against what they may be. Needs Valgrind.
budgets:
	@tools/budgets

# Two hundred integrations and links below a rate limit, a hundred providers at once, and what a hundred tenants cost. Takes minutes.
load:
	@tools/load

# What starting, planning, applying and the hot paths cost, as a table with ratios to Terraform alone. Takes minutes, on a
# machine that does nothing else. `tools/bench --short` is shorter.
bench:
	@tools/bench

# Five minutes for each kind of foreign input, two at a time. `tools/fuzz 60 rpc` is shorter.
fuzz:
	@tools/fuzz

fmt:
	cargo fmt --all

# What a release consists of, for this machine's platform, in target/dist. `tools/dist --target TRIPLE` is for another.
dist:
	@tools/dist

# Advisories, licences, bans and sources of all dependencies, as deny.toml wants them. `tools/deny licenses bans` is less.
deny:
	@tools/deny

# The workflows and the shell scripts. Needs actionlint and ShellCheck.
lint-workflows:
	@tools/lint-workflows
