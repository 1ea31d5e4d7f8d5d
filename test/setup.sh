#!/usr/bin/env bash
# Debian packages that some tests need; each of those tests is skipped with its reason where they are missing,
# but fails when CI=true. Installs what is missing where it may, and says so where it may not.
set -u
missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing+=("$2"); }
need chromium chromium
need sshd openssh-server
need xz xz-utils
need curl curl
need python3 python3
need tshark tshark
need tcpdump tcpdump
need ps procps
/usr/bin/python3 -c 'import impacket' 2>/dev/null || missing+=(python3-impacket)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "these Debian packages are missing and could not be installed: ${missing[*]}" >&2
