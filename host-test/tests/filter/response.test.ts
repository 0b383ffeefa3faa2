/** What a DENY policy tells the client: `policies[].response`. */
import { expect, test } from "vitest";
import { documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const problem = JSON.stringify({ type: "about:blank", title: "Closed", status: 451 });

function documentOf(response: object): string {
  const rule = { to: [{ operation: { paths: ["/closed"] } }] };
  return documentWith({
    policies: [{ name: "closed", action: "DENY", rules: [rule], response }],
    defaultAction: "ALLOW",
  });
}

test("a policy's status, headers and body go to the client, and the status into the record", async () => {
  const host = await loadFilter(
    documentOf({
      status: 451,
      contentType: "application/problem+json",
      headers: [{ name: "Retry-After", value: "60" }],
      body: problem,
    }),
  );
  const stream = host.request(lines("/closed"));
  expect(stream.reply).toMatchObject({ status: 451, details: "lictor_denied{policy_denied}" });
  expect(stream.reply?.headers).toEqual(
    expect.arrayContaining([
      ["content-type", "application/problem+json"],
      ["retry-after", "60"],
    ]),
  );
  expect(recordOf(stream)).toMatchObject({ reason: "policy_denied", status: 451 });
});

test("a part that is left out is as without a response", async () => {
  const host = await loadFilter(documentOf({ body: "closed" }));
  expect(host.request(lines("/closed")).reply?.status).toBe(403);
});

test("other denials are none of the policy's", async () => {
  const host = await loadFilter(documentOf({ status: 451 }));
  expect(host.request(lines("/a//b")).reply?.status).toBe(400);
});

test.each([
  ["a status that allows", { status: 200 }, "bad_value"],
  ["a status of the proxy's own", { status: 600 }, "bad_value"],
  ["a body over 4096 bytes", { body: "x".repeat(4097) }, "too_large"],
  ["a header that frames the message", { headers: [{ name: "Content-Length", value: "1" }] }, "bad_value"],
  ["a value that ends the line", { headers: [{ name: "x", value: "a\r\nb" }] }, "bad_value"],
  ["a value over 1024 bytes", { headers: [{ name: "x", value: "x".repeat(1025) }] }, "too_large"],
  [
    "17 headers",
    { headers: Array.from({ length: 17 }, (_, n) => ({ name: `x-${n}`, value: "1" })) },
    "too_many",
  ],
])("%s refuses the document", async (_, response, code) => {
  await expect(loadFilter(documentOf(response))).rejects.toMatchObject({
    logs: expect.arrayContaining([
      expect.objectContaining({ message: expect.stringContaining(`lictor refused ${code} at `) }),
    ]) as unknown,
  });
});

test.each([
  ["a body of 4096 bytes", { body: "x".repeat(4096) }],
  ["a value of 1024 bytes", { headers: [{ name: "x", value: "x".repeat(1024) }] }],
  ["16 headers", { headers: Array.from({ length: 16 }, (_, n) => ({ name: `x-${n}`, value: "1" })) }],
])("%s is taken", async (_, response) => {
  const host = await loadFilter(documentOf(response));
  expect(host.request(lines("/closed")).reply?.status).toBe(403);
});
