/**
 * A changed header makes Envoy choose the route again. What Lictor takes off and writes may move a request
 * to a route that switches the filters off; it was decided and allowed before.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  bootstrap,
  EnvoyProcess,
  listener,
  modulePath,
  parseAccessLine,
  pluginFilter,
  seal,
  type AccessLine,
  type JsonObject,
} from "lictor";
import type { Host } from "lictor-host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lines, loadFilter, recordOf } from "../filter/filter.ts";
import { exchange } from "../host/http.ts";
import { mintKey, mintToken } from "../mint/index.ts";

const SEAL = "reroute-0123456789abcdef";
const ISSUER = "https://idp.example.com";

const key = mintKey("a", "ES256");
const configuration = JSON.stringify({
  apiVersion: "lictor/v1",
  seal: SEAL,
  jwtRules: [
    {
      issuer: ISSUER,
      jwks: { keys: [key.jwk] },
      outputClaimToHeaders: [{ header: "x-role", claim: "role" }],
    },
  ],
  policies: [
    { name: "open", rules: [{ to: [{ operation: { paths: ["/open"] } }] }] },
    {
      name: "users",
      rules: [
        {
          from: [{ source: { requestPrincipals: [`${ISSUER}/*`] } }],
          to: [{ operation: { paths: ["/users"] } }],
        },
      ],
    },
  ],
});

/** A route that answers with its name, with these filters switched off. */
function route(name: string, header: JsonObject | undefined, off: string[]): JsonObject {
  const disabled = { "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", disabled: true };
  return {
    match: { prefix: "/", ...(header === undefined ? {} : { headers: [header] }) },
    direct_response: { status: 200, body: { inline_string: name } },
    typed_per_filter_config: Object.fromEntries(off.map((filter) => [filter, disabled])),
  };
}

const routes = [
  route("with a token", { name: "authorization", present_match: true }, []),
  route("without the seal", { name: "x-role", string_match: { exact: "admin" } }, ["lictor.seal"]),
  route("guarded", { name: "x-unguarded", present_match: true, invert_match: true }, []),
  route("without anything", undefined, ["lictor", "lictor.seal"]),
];

let envoy: EnvoyProcess;
let host: Host;
let sent = 0;

beforeAll(async () => {
  host = await loadFilter(configuration);
  envoy = await EnvoyProcess.start((folder) => {
    const made = listener({
      name: "l",
      filters: [pluginFilter({ wasm: modulePath(), configuration }), seal(SEAL)],
      upstream: { status: 200, body: "" },
      accessLog: { file: join(folder, "access.log") },
    });
    return bootstrap({ listeners: [withRoutes(made)] });
  });
}, 60_000);

afterAll(() => envoy.stop());

/** The listener with its one route replaced. */
function withRoutes(made: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(made), (name, value: unknown) =>
    name === "routes" ? routes : value,
  ) as JsonObject;
}

const token = (role?: string) =>
  `authorization: Bearer ${mintToken({ issuer: ISSUER, subject: "a", key, claims: role === undefined ? {} : { role } })}`;
const forged = `${token().slice(0, -8)}AAAAAAAA`;
const ADMIN = "x-role: admin";
const UNGUARDED = "x-unguarded: 1";

/** What a request got: the answering route or the status, and the decision that its log line holds. */
test.each<
  [name: string, path: string, headers: string[], got: string | number, decision: string | undefined]
>([
  ["a token that is taken off", "/users", [token()], "guarded", "allow"],
  [
    "one that is taken off, onto a route without filters",
    "/users",
    [token(), UNGUARDED],
    "without anything",
    "allow",
  ],
  ["the same where no policy allows it", "/other", [token(), UNGUARDED], 403, "deny"],
  ["the same with a forged token", "/users", [forged, UNGUARDED], 401, "deny"],
  ["a header that a claim writes", "/users", [token("admin")], "without the seal", "allow"],
  ["the same where no policy allows it", "/other", [token("admin")], 403, "deny"],
  ["the same header from the client, beside a token", "/users", [token(), ADMIN], "guarded", "allow"],
  ["the same header from the client, alone", "/users", [ADMIN], 401, "deny"],
  ["the same on an open path", "/open", [ADMIN], "guarded", "allow"],
  [
    "what a route without filters takes at first: nobody decides",
    "/users",
    [UNGUARDED],
    "without anything",
    undefined,
  ],
])("%s", async (_, path, headers, got, decision) => {
  const answer = await exchange(await envoy.port("l"), [`GET ${path} HTTP/1.1`, "host: a.test", ...headers]);
  sent += 1;
  await envoy.until(() => accessLog().length === sent);
  const [record] = accessLog().at(-1)!.decisions as { decision?: string }[];
  expect([answer?.status === 200 ? answer.body : answer?.status, record?.decision]).toEqual([got, decision]);

  // The host has no routes, but says when Envoy would choose one again: never for a request that is denied.
  if (decision === undefined) return;
  const pairs = headers.map((header) => header.split(": ") as [string, string]);
  const stream = host.request(lines(path, ...pairs));
  expect([recordOf(stream)["decision"], stream.routeChoices > 0]).toEqual([decision, decision === "allow"]);
});

function accessLog(): AccessLine[] {
  const log = readFileSync(join(envoy.folder, "access.log"), "utf8");
  return log
    .split("\n")
    .slice(0, -1)
    .map((line) => parseAccessLine(line)!);
}
