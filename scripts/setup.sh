#!/bin/sh
# Installs what the region needs of the system and is missing. Debian and
# Ubuntu; on other systems it names the packages and ends.
set -eu

# program:package
needs="runc:runc ip:iproute2 nft:nftables busybox:busybox-static nsenter:util-linux git:git"

missing=""
for need in $needs; do
	PATH="$PATH:/usr/sbin:/sbin" command -v "${need%%:*}" >/dev/null 2>&1 || missing="$missing ${need##*:}"
done
# A busybox that is linked against libraries is no use inside of an image.
if PATH="$PATH:/usr/sbin:/sbin" command -v busybox >/dev/null 2>&1 && [ -n "$(ldd "$(command -v busybox)" 2>/dev/null | grep '=>')" ]; then
	missing="$missing busybox-static"
fi
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
if ! command -v apt-get >/dev/null 2>&1; then
	echo "setup: no apt-get here; install these packages by hand:$missing" >&2
	exit 1
fi
root=""
if [ "$(id -u)" != 0 ]; then
	root="sudo"
	command -v sudo >/dev/null 2>&1 || { echo "setup: neither root nor sudo; ask an administrator for:$missing" >&2; exit 1; }
fi
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -qq
# shellcheck disable=SC2086
$root apt-get install -y -qq --no-install-recommends $missing >/dev/null
