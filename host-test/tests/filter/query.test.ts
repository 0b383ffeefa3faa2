/** What rules see of a query: as the service will, without tokens of ours and without a fragment. */
import { expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { mintToken } from "../mint/index.ts";
import { ISSUER, documentWith, lines, loadFilter } from "./filter.ts";

const document = documentWith({
  jwtRules: [{ issuer: ISSUER, jwks: mintedKeys, fromParams: ["token"] }],
  policies: [
    {
      name: "admin",
      action: "DENY",
      rules: [
        { when: [{ key: "request.query[admin]", eq: "1" }] },
        { when: [{ key: "request.query[token]", exists: true }] },
      ],
    },
  ],
  defaultAction: "ALLOW",
  requests: { ambiguousPaths: "KEEP" },
});

// A parameter that is not there makes the condition unknown, and an unknown condition of a DENY rule denies.
test.each([
  ["/a?admin=1", 403],
  ["/a?x=2&admin=1", 403],
  ["/a?admin=1#more", 403],
  ["/a?%61dmin=%31", 403],
  ["/a?admin=2&admin=1", 403],
  ["/a", 403],
  ["/a#?admin=2", 403],
  ["/a?admin=2", undefined],
  ["/a?admin=2#?admin=1", undefined],
])("%s gets %s", async (path, status) => {
  const host = await loadFilter(document);
  expect(host.request(lines(path)).reply?.status).toBe(status);
});

test("a token in the query is gone before rules look at it", async () => {
  const host = await loadFilter(document);
  const stream = host.request(lines(`/a?admin=2&token=${mintToken({ issuer: ISSUER, subject: "a" })}`));
  expect(stream.reply).toBeUndefined();
});
