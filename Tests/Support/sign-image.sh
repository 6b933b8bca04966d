#!/bin/sh
# Signs an image as `cosign sign --key` does, with openssl, and puts the signature where cosign puts it.
#
#   sign-image.sh HOST REPOSITORY DIGEST KEY IDENTITY [SIGNED-DIGEST]
#
# SIGNED-DIGEST is what the claim says, where that is to be something else than DIGEST.
set -eu
registry=http://$1 repository=$2 digest=$3 key=$4 identity=$5 claimed=${6:-$3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},"type":"%s"},"optional":null}' \
    "$identity" "$claimed" "cosign container image signature" >"$work/claim"
signature=$(openssl dgst -sha256 -sign "$key" "$work/claim" | base64 -w0)
printf '{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]},"config":{}}' >"$work/config"

digest_of() { echo "sha256:$(sha256sum <"$1" | cut -d ' ' -f 1)"; }
upload() {
    location=$(curl -sfi -X POST "$registry/v2/$repository/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    curl -sf -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$1" \
        "$location&digest=$(digest_of "$1")"
}
upload "$work/claim"
upload "$work/config"
cat >"$work/manifest" <<END
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":$(wc -c <"$work/config"),"digest":"$(digest_of "$work/config")"},
 "layers":[{"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","size":$(wc -c <"$work/claim"),
            "digest":"$(digest_of "$work/claim")","annotations":{"dev.cosignproject.cosign/signature":"$signature"}}]}
END
curl -sf -o /dev/null -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' \
    --data-binary "@$work/manifest" "$registry/v2/$repository/manifests/sha256-${digest#sha256:}.sig"
