# shellcheck shell=bash
# What `make check` and `make test` consist of.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What needs neither Terraform nor the sandbox, and takes seconds.
# shellcheck disable=SC2034 # Who sources this uses it.
quick_tests=(--lib --bins --test layers --test plugin_channel --test channel)

need_components() {
  local component
  for component in fmt clippy; do
    cargo "$component" --version >/dev/null 2>&1 || rustup component add "${component/fmt/rustfmt}"
  done
}

format() {
  cargo fmt --all --check
  local manifest
  for manifest in tools/protoc fuzz bench; do cargo fmt --manifest-path "$manifest/Cargo.toml" --check; done
}

# Has Clippy's driver compile the crates of the workspace, so that the lints come out of the build that makes tests and programs.
# `cargo clippy` would compile every dependency once more for itself, which takes longer than everything else in `make check`.
lint_while_building() {
  local driver
  driver=$(rustc --print sysroot)/bin/clippy-driver
  [[ -x $driver ]] || driver=$(command -v clippy-driver) || { echo "Clippy is missing. Type: rustup component add clippy" >&2; exit 1; }
  # What `cargo clippy -- -D warnings` says to it.
  export RUSTC_WORKSPACE_WRAPPER=$driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__
}

# Programs and tests. `cargo test` leaves out the programs that no test of their own package starts.
build_all() {
  cargo test --workspace --locked --no-run --all-targets
  cargo build --workspace --locked --bins
  build_examples
}

# The framework's examples are providers, which its tests start.
build_examples() { cargo build --locked --package terraform-plugin --examples; }

# The documentation of the code, and the examples in it.
code_documentation() {
  RUSTDOC=$top/tools/rustdoc cargo test --workspace --locked --doc
}
