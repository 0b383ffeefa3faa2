import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importIstio, problemLine } from "lictor";

const keys = { keys: [{ kty: "EC", crv: "P-256", x: "x", y: "y", kid: "1" }] };
const LIMIT = 256 * 1024;

/** A key set of so many bytes. */
function padded(bytes: number): string {
  const text = JSON.stringify(keys);
  return text + " ".repeat(bytes - text.length);
}

let server: Server;
let origin: string;
const asked: string[] = [];

const answers: Record<string, { status?: number; body: string | Buffer }> = {
  "/keys": { body: JSON.stringify(keys) },
  "/missing": { status: 404, body: "no" },
  "/text": { body: "no" },
  "/symmetric": { body: '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}' },
  "/full": { body: padded(LIMIT) },
  "/large": { body: padded(LIMIT + 1) },
  "/latin": { body: Buffer.from([0x7b, 0xe9, 0x7d]) },
  "/bare/.well-known/openid-configuration": { body: "{}" },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const answer = answers[request.url ?? ""];
    response.statusCode = answer?.status ?? (answer === undefined ? 500 : 200);
    if (request.url === "/idp/.well-known/openid-configuration") {
      response.statusCode = 200;
      response.end(JSON.stringify({ jwks_uri: `${origin}/keys` }));
    } else response.end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function importRule(rule: object, inlineKeys = true) {
  const resource = {
    apiVersion: "security.istio.io/v1",
    kind: "RequestAuthentication",
    metadata: { name: "r" },
    spec: { jwtRules: [rule] },
  };
  const options = { rootNamespace: "istio-system", trustDomains: [], inlineKeys, ignoreTargetRefs: false };
  return importIstio([{ file: "r.json", text: JSON.stringify(resource) }], options);
}

describe("--inline-keys", () => {
  test("writes the keys that jwksUri serves in its place", async () => {
    const { document, problems, notes } = await importRule({
      issuer: "a",
      jwksUri: `${origin}/keys`,
      timeout: "5s",
    });
    expect(problems).toEqual([]);
    expect(notes.map(({ message }) => message)).toEqual(["nothing is fetched, so the timeout is left out"]);
    expect(document.jwtRules).toEqual([expect.objectContaining({ issuer: "a", jwks: keys })]);
    expect(document.jwtRules?.[0]).not.toHaveProperty("jwksUri");
  });

  test("asks an issuer where its keys are, as Istio does", async () => {
    const { document, problems } = await importRule({ issuer: `${origin}/idp` });
    expect(problems).toEqual([]);
    expect(document.jwtRules?.[0]?.jwks).toEqual(keys);
  });

  test("takes 256 KiB", async () => {
    expect((await importRule({ issuer: "a", jwksUri: `${origin}/full` })).problems).toEqual([]);
  });

  test.each([
    ["/missing", "cannot fetch the keys: the server answered 404"],
    ["/text", "expected a JWK Set: the text is no JSON"],
    ["/symmetric", "expected public keys"],
    ["/large", "cannot fetch the keys: the answer is longer than 256 KiB"],
    ["/latin", "cannot fetch the keys: "],
  ])("refuses %s where it stands", async (path, message) => {
    const { problems } = await importRule({ issuer: "a", jwksUri: origin + path });
    expect(problems.map(problemLine)).toEqual([expect.stringMatching(/^r\.json:1:\d+: /)]);
    expect(problems[0]?.message).toContain(message);
  });

  test("says which issuer has no keys", async () => {
    const { problems } = await importRule({ issuer: `${origin}/bare` });
    expect(problems[0]?.message).toBe("cannot fetch the keys: the issuer's configuration has no `jwks_uri`");
  });

  test("says that nobody answers", async () => {
    const { problems } = await importRule({ issuer: "a", jwksUri: "http://127.0.0.1:1/keys" });
    expect(problems[0]?.message).toMatch(/^cannot fetch the keys: .+/);
  });
});

test("without the option nothing is fetched", async () => {
  const before = asked.length;
  const { document } = await importRule({ issuer: "a", jwksUri: `${origin}/keys` }, false);
  expect(document.jwtRules?.[0]?.jwksUri).toBe(`${origin}/keys`);
  expect(asked.length).toBe(before);
});
