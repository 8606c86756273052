.DEFAULT_GOAL := help
.PHONY: help check test test-newest test-deep demo sandbox recording docs test-compat budgets bench load fuzz fmt rules protoc dist deny lint-workflows

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

check: ## the quick loop: format, rules, lints, unit and protocol tests. Needs Rust alone
	@tools/check

test: ## make check, docs, acceptance tests with the real Terraform, fault matrix
	@tools/test

test-newest: ## the acceptance tests that need a newer Terraform than `make test` has: actions, list resources, identity. Gets it, 130 MB, once
	@tests/compat/newest

test-deep: ## budgets of the release binary, fuzzing, load, every Terraform since 1.6 and OpenTofu. Takes an hour
	@tools/test-deep

demo: ## from nothing to a linked org, with the real Terraform against the sandbox. make demo VERBOSE=1 shows all of it
	@VERBOSE=$(VERBOSE) tools/demo

sandbox: ## keeps the sandbox running, and says what to try
	@tools/sandbox

recording: ## makes the recording in the README from a run of the demo
	@tools/recording

docs: ## makes docs/ from the schema, templates/ and examples/, and the pictures
	@tools/generate-docs

test-compat: ## the tests of each feature with Terraform 1.6 and 1.8 to 1.15 and with OpenTofu (TOFU_CLI_PATHS), as tables. Gets 1.2 GB, once
	@tests/compat/run

budgets: ## bytes, instructions until the handshake and memory of the release binary, held against what they may be
	@tools/budgets

load: ## two hundred integrations and links below a rate limit, a hundred providers, a hundred tenants. Takes minutes
	@tools/load

bench: ## what starting, planning, applying and the hot paths cost, as a table. Wants a machine that does nothing else
	@tools/bench

FUZZ_SECONDS ?= 300
fuzz: ## each kind of foreign input for five minutes, two at a time. make fuzz FUZZ_SECONDS=10 is shorter
	@tools/fuzz $(FUZZ_SECONDS)

fmt: ## formats
	cargo fmt --all

rules: ## words, sizes, scripts, pins: what CONTRIBUTING.md claims and a script can see
	@tools/rules

protoc: ## compares the descriptors that builds use in the place of protoc with what protox makes
	@tools/protoc/keep --check

dist: ## what a release consists of, for this machine's platform, in target/dist
	@tools/dist

deny: ## advisories, licences, bans and sources of all dependencies, as deny.toml wants them
	@tools/deny

lint-workflows: ## actionlint and ShellCheck over the workflows and scripts
	@tools/lint-workflows
