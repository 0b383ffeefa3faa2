/** What the host imitates, row by row against a real Envoy. */
import type { EngineName } from "lictor-host";
import { beforeAll, describe, expect, test } from "vitest";
import { runOnEnvoy, runOnHost, type Script, type Transcript } from "./contract.ts";

const engines: EngineName[] = ["v8", "wasmtime"];

const GRPC_REQUEST = ["POST /s/m HTTP/1.1", "Host: a.test", "content-type: application/grpc"];

/** Each name reads as the end of "host and Envoy agree on …". */
const rows: Record<string, Script[]> = {
  "header maps": [
    {
      name: "duplicate-headers-and-their-first-value",
      lines: [
        "request pairs 0",
        "request value 0 x-a",
        "request value 0 X-A",
        "request value 0 authorization",
      ],
      request: [
        "GET / HTTP/1.1",
        "Host: a.test",
        "x-a: 1",
        "X-A: 2",
        "cookie: a=1",
        "cookie: b=2",
        "authorization: one",
        "authorization: two",
      ],
    },
    {
      name: "absent-and-empty-values",
      lines: ["request value 0 none", "request value 0 x-e", "request value 0 x-b"],
      request: ["GET / HTTP/1.1", "Host: a.test", "x-e:", "x-b: \xe9\t\xff"],
    },
    {
      name: "a-merged-host",
      lines: ["request value 0 :authority"],
      request: ["GET / HTTP/1.1", "Host: a.test", "Host: b.test"],
    },
    {
      name: "which-headers-are-merged",
      lines: ["request pairs 0"],
      request: ["GET / HTTP/1.1", "Host: a.test", ...twiceEach()],
    },
    {
      name: "header-edits",
      lines: [
        "request add 0 x-n 1",
        "request add 0 authorization z",
        "request replace 0 x-a 9",
        "request replace 0 authorization q",
        "request replace 0 x-new n",
        "request replace 0 :path /other",
        "request remove 0 x-b",
        "request remove 0 none",
        "request pairs 0",
      ],
      request: ["GET / HTTP/1.1", "Host: a.test", "x-a: 1", "x-b: 1", "x-a: 2", "x-b: 3", "authorization: y"],
    },
    {
      name: "maps-out-of-reach",
      lines: [
        "request pairs 2",
        "request value 2 x",
        "request add 2 x y",
        "request pairs 1",
        "request value 1 x",
        "request pairs 6",
        "request pairs 9",
        "request value 9 x",
        "response pairs 0",
        "response value 0 :path",
        "response add 0 x y",
        "response pairs 2",
        "log value 0 :path",
        "log add 0 x y",
        "log value 2 :status",
        "done pairs 0",
        "done value 0 :path",
        "delete value 0 :path",
      ],
    },
  ],
  memory: [
    { name: "malloc-that-gives-nothing", lines: mallocScript(1), times: 2 },
    { name: "malloc-that-traps", lines: mallocScript(2), times: 2 },
    { name: "a-restricted-call-in-malloc", lines: mallocScript(3), times: 2 },
    { name: "bytes-outside-of-memory", lines: ["request logAt 2000000000 5", "request logAt -1 2"] },
  ],
  "local responses": [
    {
      name: "a-reply-and-its-way-through-the-response-callback",
      lines: [
        "request reply 403 some%20det%0Aails%0Dx%09y body%20text -1 X-Dup 1 x-dup 2 :status 200",
        "request return 0",
        "response pairs 2",
        "response add 2 x-late 1",
        "response replace 2 x-dup 3",
      ],
    },
    {
      name: "a-reply-without-body",
      lines: ["request reply 401   -1 content-type text/html", "request return 1", "response pairs 2"],
    },
    { name: "a-content-type-of-a-reply", lines: ["request reply 401 d {} -1 content-type application/json"] },
    { name: "two-replies", lines: ["request reply 403 first one -1", "request reply 404 second two -1"] },
    { name: "a-reply-from-the-response", lines: ["response reply 403 first one -1 x y", "response pairs 2"] },
    {
      name: "a-grpc-reply",
      lines: ["request reply 403 d 100%25%0A -1 x-y z", "response pairs 2"],
      request: GRPC_REQUEST,
    },
    { name: "a-grpc-reply-with-status", lines: ["request reply 400 d  5"], request: GRPC_REQUEST },
    { name: "a-grpc-status-out-of-range", lines: ["request reply 429 d b 17"], request: GRPC_REQUEST },
    ...["application/grpc+proto", "application/grpc;x", "application/grpc-web"].map((type) => ({
      name: `the-content-type-${type.replace(/[^a-z]/g, "-")}`,
      lines: ["request reply 400 d b -1"],
      request: ["POST / HTTP/1.1", "Host: a.test", `content-type: ${type}`],
    })),
    { name: "a-closed-stream", lines: ["request close 0", "request pairs 0", "log log 2 L", "done log 2 D"] },
  ],
  "limits of guest maps": [
    { name: "pairs-at-the-limit", lines: ["request replyPairs 1024 1 0"] },
    { name: "pairs-over-the-limit", lines: ["request replyPairs 1025 1 0"] },
    { name: "map-bytes-over-the-limit", lines: ["request replyPairs 2 600000 0"] },
    { name: "a-stray-byte", lines: ["request replyPairs 2 10 1"] },
  ],
  properties: [
    {
      name: "properties-of-the-request",
      lines: properties("request", [
        "request%00path",
        "request%00url_path",
        "request%00query",
        "request%00host",
        "request%00method",
        "request%00scheme",
        "request%00protocol",
        "request%00headers%00x-a",
        "request%00useragent",
        "request%00referer",
        "request%00nope",
        "request",
        "nope",
        "",
        "source",
        "source%00address%00x",
        "filter_state",
        "filter_state%00x",
        "xds",
        "response%00code",
      ]),
      request: ["GET /p?q=1 HTTP/1.1", "Host: a.test", "x-a: 1", "x-a: 2", "user-agent: u"],
    },
    {
      name: "properties-of-a-plaintext-connection",
      lines: properties("request", [
        "connection%00mtls",
        "connection%00peer_certificate_valid",
        "connection%00uri_san_peer_certificate",
        "connection%00subject_peer_certificate",
        "connection%00tls_version",
        "connection%00requested_server_name",
      ]),
    },
    {
      name: "sizes-of-numbers-and-times",
      lines: ["request%00time", "request%00headers", "source%00port", "connection%00id"].map(
        (path) => `request propertySize ${path}`,
      ),
    },
    {
      name: "properties-of-the-plugin",
      lines: ["request", "configure"].flatMap((callback) =>
        properties(callback, [
          "xds%00listener_direction",
          "plugin_name",
          "plugin_root_id",
          "plugin_vm_id",
          "xds%00node%00id",
        ]),
      ),
    },
    {
      name: "properties-while-configuring",
      lines: [...properties("configure", ["request%00path", "connection%00mtls"]), "configure set x y"],
    },
    {
      name: "filter-state-that-a-filter-sets",
      lines: [
        "request set lictor.ok v%0A1",
        ...properties("request", [
          "lictor.ok",
          "filter_state%00wasm.lictor.ok",
          "wasm.lictor.ok",
          "lictor.ok%00x",
        ]),
        "request set request%00path /forged",
        "request property request%00path",
        "response property lictor.ok",
        "log set late 1",
        "log property late",
        "delete property lictor.ok",
      ],
    },
    { name: "the-status-at-the-end", lines: ["log property response%00code", "request reply 403 d b -1"] },
  ],
  "buffers, metrics and logs": [
    {
      name: "configuration-bytes",
      lines: [
        ...["7 0 4", "7 2 3", "7 100000 4", "7 0 0", "7 -1 4", "6 0 4", "0 0 4", "99 0 4"].map(
          (range) => `configure buffer ${range}`,
        ),
        ...["7 0 4", "6 0 4", "0 0 4"].map((range) => `request buffer ${range}`),
      ],
    },
    {
      name: "metrics-that-all-vms-share",
      lines: [
        "configure define 0 c_total",
        ...["0", "-1", "2"].map((offset) => `configure increment ${offset}`),
        "configure record 5",
        "configure metric",
        "configure define 1 g",
        "configure record 9",
        "configure increment -2",
        "configure metric",
        "configure define 2 h",
        "configure increment 1",
        "configure record 3",
        "configure metric",
        "configure define 3 x",
        "configure define 0 c_total",
        "configure metric",
        "configure define 1 c_total",
        "configure metric",
      ],
    },
    {
      name: "log-levels",
      lines: [
        "request level",
        "request log 1 hidden",
        "request log 3 seen",
        "request log 9 x",
        "request log -1 x",
      ],
    },
  ],
  "order of callbacks": [
    {
      name: "from-request-to-delete",
      lines: ["delete", "done", "log", "response", "request", "configure"].map(
        (callback) => `${callback} level`,
      ),
    },
    {
      name: "a-reply-skips-nothing",
      lines: [
        "request reply 403 d b -1",
        ...["delete", "done", "log", "response"].map((callback) => `${callback} level`),
      ],
    },
  ],
  traps: [
    { name: "trap-in-request-headers", lines: ["request trap"], times: 2 },
    { name: "endless-recursion", lines: ["request recurse"], times: 2 },
    { name: "trap-in-response-headers", lines: ["response trap"], times: 2 },
    { name: "trap-in-the-log-callback", lines: ["log trap"], times: 2 },
    { name: "trap-under-fail-closed", lines: ["request trap"], times: 2, failurePolicy: "FAIL_CLOSED" },
    { name: "trap-under-fail-open", lines: ["request trap"], times: 2, failurePolicy: "FAIL_OPEN" },
  ],
  "configuring in every vm": [
    { name: "canary-main-thread-and-worker", lines: ["configure log 2 here"] },
    {
      name: "open-where-main-and-worker-fail",
      lines: ["configure failFrom fail-from-second 2", "request reply 403 d b -1"],
    },
    {
      name: "open-where-only-the-worker-fails",
      lines: ["configure failFrom fail-from-third 3", "request reply 403 d b -1"],
    },
    {
      name: "closed-where-none-fails",
      lines: ["configure failFrom fail-from-fourth 4", "request reply 403 d b -1"],
    },
  ],
};

function mallocScript(mode: number): string[] {
  return [
    `request malloc ${mode}`,
    "request pairs 0",
    "request value 0 :path",
    "request malloc 0",
    "request value 0 :path",
    "request log 2 still%20running",
  ];
}

function properties(callback: string, paths: readonly string[]): string[] {
  return paths.map((path) => `${callback} property ${path}`);
}

function twiceEach(): string[] {
  const names =
    "accept accept-encoding accept-language access-control-request-headers access-control-request-method " +
    "access-control-request-private-network proxy-authorization cache-control content-encoding content-type date " +
    "forwarded from grpc-accept-encoding grpc-timeout if-match if-modified-since if-none-match if-range " +
    "if-unmodified-since max-forwards origin pragma range referer user-agent via x-forwarded-host x-forwarded-port " +
    "x-client-trace-id x-envoy-original-path x-b3-traceid x-real-ip x-original-url x-http-method-override " +
    "content-language traceparent x-envoy-external-address x-forwarded-for x-envoy-decorator-operation " +
    "x-envoy-downstream-service-cluster x-ot-span-context";
  return names.split(" ").flatMap((name) => [`${name}: 1`, `${name}: 2`]);
}

describe("the host does as Envoy does:", () => {
  let envoy: Map<string, Transcript>;

  beforeAll(async () => {
    envoy = await runOnEnvoy(Object.values(rows).flat());
  });

  describe.each(Object.entries(rows))("%s:", (_rule, scripts) => {
    test.each(scripts.flatMap((script) => engines.map((engine) => ({ name: script.name, engine, script }))))(
      "$name, by $engine",
      async ({ script, engine }) => {
        const onEnvoy = envoy.get(script.name);
        const onHost = await runOnHost(script, engine);
        expect(onEnvoy).toBeDefined();
        expect(onHost).toEqual(onEnvoy);
        // A script that neither logs nor answers would agree about nothing.
        expect(onHost.logs.length + onHost.responses.length).toBeGreaterThan(0);
      },
    );
  });
});
