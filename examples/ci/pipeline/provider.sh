#!/bin/sh
# Puts the provider where `terraform init` looks for it, because no registry has it:
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
address=registry.terraform.io/druva-community/druva
folder=$HOME/.terraform.d/plugins/$address

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
  mkdir -p "$folder"
  [ $# -gt 0 ] || set -- "$(platform)"
  for each; do
    get "${name}_${version}_$each.zip"
  done
}

# The version of the provider in the lock file, or nothing.
locked() {
  [ ! -f .terraform.lock.hcl ] || sed -n "\\|^provider \"$address\"|,/^}/s/^ *version *= *\"\\([^\"]*\\)\".*/\\1/p" .terraform.lock.hcl
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
  case $from in
    https://*) curl --fail --silent --show-error --location --proto =https --output "$folder/.$1.part" "$from/$1" ;;
    *) cp "$from/$1" "$folder/.$1.part" ;;
  esac || {
    rm -f "$folder/.$1.part"
    echo "$1 is not in $from. DRUVA_PROVIDER_FROM can name another folder or https address." >&2
    exit 1
  }
  mv "$folder/.$1.part" "$folder/$1"
  echo "$folder/$1"
}

main "$@"
