/** What the service learns of a verified token: `outputPayloadToHeader` and `outputClaimToHeaders`. */
import { expect, test } from "vitest";
import { mintedKeys } from "../corpus/corpus.ts";
import { mintToken } from "../mint/index.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter } from "./filter.ts";

function documentOf(...outputs: { header: string; claim: string }[]): string {
  return documentWith({
    jwtRules: [
      {
        issuer: ISSUER,
        jwks: mintedKeys,
        outputPayloadToHeader: "x-payload",
        outputClaimToHeaders: outputs,
      },
    ],
    defaultAction: "ALLOW",
  });
}

async function headersFor(claims: Record<string, unknown>, claim: string): Promise<string[]> {
  const host = await loadFilter(documentOf({ header: "X-Out", claim }));
  const token = mintToken({ issuer: ISSUER, subject: "alice", claims });
  const stream = host.request(lines("/a", ["x-out", "spoofed"], bearer(token)));
  expect(stream.reply).toBeUndefined();
  return stream.headers.filter(([name]) => name === "x-out").map(([, value]) => value);
}

test.each([
  ["a text", { c: "teams" }, "c", ["teams"]],
  ["an integer", { c: 12 }, "c", ["12"]],
  ["a negative integer", { c: -12 }, "c", ["-12"]],
  ["a boolean", { c: false }, "c", ["false"]],
  ["a claim inside a claim", { c: { d: "deep" } }, "c.d", ["deep"]],
  ["UTF-8 text", { c: "ä" }, "c", [Buffer.from("ä").toString("latin1")]],
  ["no empty text", { c: "" }, "c", []],
  ["no fraction", { c: 1.5 }, "c", []],
  ["no list", { c: ["a"] }, "c", []],
  ["no object", { c: {} }, "c", []],
  ["no null", { c: null }, "c", []],
  ["no text that would end the line", { c: "a\r\nx-admin: 1" }, "c", []],
  ["no text with spaces around it, which readers take off", { c: " admin" }, "c", []],
  ["no NUL", { c: "a\0" }, "c", []],
  ["nothing of a claim that is not there", {}, "c", []],
])("a header gets %s, and never what the client sent", async (_, claims, claim, expected) => {
  const got = await headersFor(claims, claim);
  const latin = got.map((value) => (value === "ä" ? Buffer.from(value).toString("latin1") : value));
  expect([got, latin]).toContainEqual(expected);
});

test("the payload is written as it stands in the token", async () => {
  const host = await loadFilter(documentOf());
  const token = mintToken({ issuer: ISSUER, subject: "alice" });
  const stream = host.request(lines("/a", bearer(token)));
  expect(stream.headers).toContainEqual(["x-payload", token.split(".")[1]]);
});

test("a request without a token loses the headers that only a token writes", async () => {
  const host = await loadFilter(documentOf({ header: "x-out", claim: "sub" }));
  const stream = host.request(lines("/a", ["x-out", "spoofed"], ["X-Payload", "spoofed"], ["x-kept", "1"]));
  const names = stream.headers.map(([name]) => name.toLowerCase());
  expect(names).not.toContain("x-out");
  expect(names).not.toContain("x-payload");
  expect(names).toContain("x-kept");
});

test("conditions see what is written, not what was sent", async () => {
  const document = JSON.parse(documentOf({ header: "x-out", claim: "sub" })) as { policies: unknown[] };
  document.policies = [
    { name: "alice", rules: [{ when: [{ key: "request.headers[x-out]", values: ["alice"] }] }] },
  ];
  const host = await loadFilter(JSON.stringify({ ...document, defaultAction: "DENY" }));
  const decision = (subject: string) =>
    host.request(lines("/a", ["x-out", "alice"], bearer(mintToken({ issuer: ISSUER, subject })))).reply
      ?.status;
  expect(decision("alice")).toBeUndefined();
  expect(decision("bob")).toBe(403);
});

test.each([
  ["the connection's own header", { header: "connection", claim: "sub" }, "bad_value"],
  ["a pseudo-header", { header: ":path", claim: "sub" }, "bad_value"],
  ["no claim", { header: "x-out" }, "missing_member"],
])("an output with %s refuses the document", async (_, output, code) => {
  const load = loadFilter(documentOf(output as { header: string; claim: string }));
  await expect(load).rejects.toMatchObject({
    logs: expect.arrayContaining([
      expect.objectContaining({ message: expect.stringContaining(`lictor refused ${code} at `) }),
    ]) as unknown,
  });
});
