import { describe, expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { mintToken } from "../mint/index.ts";
import { ISSUER, documentWith, lines, loadFilter } from "./filter.ts";

const token = mintToken({ issuer: ISSUER, subject: "alice" });
const rule = { issuer: ISSUER, jwks: mintedKeys, fromParams: ["t"], fromCookies: ["s"] };
const document = documentWith({ jwtRules: [rule] });

describe("a token of ours is taken off the forwarded request", () => {
  test.each([
    ["first of the query", `/a?t=${token}&x=1`, "/a?x=1"],
    ["last of the query", `/a?x=1&t=${token}`, "/a?x=1"],
    ["in the middle of the query", `/a?x=1&t=${token}&y=%20`, "/a?x=1&y=%20"],
    ["alone in the query", `/a?t=${token}`, "/a"],
  ])("%s", async (_, sent, forwarded) => {
    const host = await loadFilter(document);
    const stream = host.request(lines(sent));
    expect(stream.reply).toBeUndefined();
    expect(stream.headers.find(([name]) => name === ":path")?.[1]).toBe(forwarded);
  });

  test.each([
    ["between cookies", [`a=1; s=${token}; b=2`], ["a=1; b=2"]],
    ["on a line of its own", ["a=1", `s=${token}`, "b=2"], ["a=1; b=2"]],
    ["alone", [`s=${token}`], []],
  ])("%s", async (_, sent, forwarded) => {
    const host = await loadFilter(document);
    const stream = host.request(lines("/a", ...sent.map((value): [string, string] => ["cookie", value])));
    expect(stream.reply).toBeUndefined();
    expect(stream.headers.filter(([name]) => name === "cookie").map(([, value]) => value)).toEqual(forwarded);
  });
});

test("a rule on the header sees it as the service does, without the token", async () => {
  const when = [{ key: "request.headers[:path]", values: ["/a?x=1"] }];
  const host = await loadFilter(
    documentWith({ jwtRules: [rule], policies: [{ name: "p", rules: [{ when }] }] }),
  );
  expect(host.request(lines(`/a?t=${token}&x=1`)).reply).toBeUndefined();
});
