#!/bin/sh
# Puts the provider where `terraform init` and `tofu init` look for it, because no registry has it:
#
#   provider.sh                         in CI: the version that .terraform.lock.hcl names, for this machine
#   provider.sh VERSION [PLATFORM...]   before there is a lock file: that version, for this machine or for these platforms,
#                                       such as linux_amd64 darwin_arm64
#
# DRUVA_PROVIDER_FROM is where the zips of a release are: a folder, or an address that begins with https. Default: GitHub.
#
# The zips go to the user's folder for providers. Nothing is checked here: `terraform init -lockfile=readonly` takes no provider
# but the one whose checksum is in .terraform.lock.hcl. Check the signature of the release before you make that file.
set -eu

name=terraform-provider-druva
address=druva-community/druva
plugins=$HOME/.terraform.d/plugins
# Where Terraform would look for the provider, and where OpenTofu would.
registries="registry.terraform.io registry.opentofu.org"

main() {
  if [ $# -gt 0 ]; then
    version=$1
    shift
  else
    version=$(locked)
  fi
  case $version in
    '' | *[!0-9A-Za-z.+-]*)
      echo "usage: provider.sh [VERSION [PLATFORM...]]" >&2
      echo "Without VERSION, .terraform.lock.hcl names it. Here it does not name $address." >&2
      exit 64
      ;;
  esac
  from=${DRUVA_PROVIDER_FROM:-https://github.com/druva-community/$name/releases/download/v$version}
  for registry in $registries; do mkdir -p "$plugins/$registry/$address"; done
  [ $# -gt 0 ] || set -- "$(platform)"
  for each; do
    get "${name}_${version}_$each.zip"
  done
}

# The version of the provider in the lock file, or nothing.
locked() {
  [ ! -f .terraform.lock.hcl ] || sed -n "\\|^provider \"registry[a-z.]*/$address\"|,/^}/s/^ *version *= *\"\\([^\"]*\\)\".*/\\1/p" .terraform.lock.hcl
}

# What Terraform calls this machine.
platform() {
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $os in mingw* | msys* | cygwin*) os=windows ;; esac
  case $(uname -m) in
    x86_64 | amd64) echo "${os}_amd64" ;;
    aarch64 | arm64) echo "${os}_arm64" ;;
    *) echo "${os}_$(uname -m)" ;;
  esac
}

# get ZIP: under another name at first, so that a file which was cut off is never taken for the whole.
get() {
  part=$plugins/.$1.part
  case $from in
    https://*) curl --fail --silent --show-error --location --proto =https --output "$part" "$from/$1" ;;
    *) cp "$from/$1" "$part" ;;
  esac || {
    rm -f "$part"
    echo "$1 is not in $from. DRUVA_PROVIDER_FROM can name another folder or https address." >&2
    exit 1
  }
  for registry in $registries; do
    ln -f "$part" "$plugins/$registry/$address/$1"
    echo "$plugins/$registry/$address/$1"
  done
  rm "$part"
}

main "$@"
