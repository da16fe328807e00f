#!/usr/bin/env bash
# bash scripts/pack-binary.sh TARGET: the archive of a release, from what `npm run build:binary` left in build/: the
# executable with its licences, its bill of materials and the README, in build/release/. Windows gets a zip, which it can
# unpack by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
name="nex-$1"
nex=build/nex
[ -f "$nex" ] || nex=build/nex.exe

rm -rf build/release
mkdir -p "build/release/$name"
cp "$nex" build/LICENCES.txt build/sbom.cdx.json LICENSE README.md "build/release/$name/"
cp build/sbom.cdx.json "build/release/$name.sbom.cdx.json"
cd build/release

case "$1" in
windows-*)
  7z a -tzip -mx=9 "$name.zip" "$name"
  ;;
*)
  # Root that unpacks it must not hand the executable to whoever has the builder's number.
  owner=(--uid 0 --gid 0)
  if tar --version | grep -q GNU; then owner=(--owner=0 --group=0 --numeric-owner --sort=name); fi
  # Jumps of x86 pack better as absolute addresses (a megabyte); whatever reads .xz turns them back.
  jumps=(--x86)
  case "$1" in *arm64) jumps=() ;; esac
  tar "${owner[@]}" -cf - "$name" | xz ${jumps[@]+"${jumps[@]}"} --lzma2=preset=9e,lc=4 >"$name.tar.xz"
  ;;
esac
rm -r "$name"
