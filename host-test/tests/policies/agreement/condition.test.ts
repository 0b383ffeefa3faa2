/** Schema and filter agree on the operators of conditions and their values. */
import { conditionOf, rows } from "../rows.ts";
import { agree } from "./agree.ts";

const plain = "request.headers[a]";

agree("a condition on a key with one type of values", [
  ...rows("bad", (eq) => conditionOf({ key: plain, eq }), [1, true]),
  ...rows("bad", (value) => conditionOf({ key: plain, noneOf: ["a", value] }), [1, true]),
  ...rows("good", (eq) => conditionOf({ key: "destination.port", eq }), [8080, 0, 65535]),
  ...rows("bad", (eq) => conditionOf({ key: "destination.port", eq }), ["8080", true, -1, 80.5, 65536]),
  ...rows("bad", (port) => conditionOf({ key: "destination.port", noneOf: [80, port] }), [-1, 80.5, 65536]),
]);

const port = (members: object) => conditionOf({ key: "destination.port", ...members });

const method = (members: object) => conditionOf({ key: "request.method", ...members });

agree("a list beside another operator", [
  ...rows("bad", method, [
    { eq: "GET", allOf: [] },
    { eq: "GET", anyOf: ["GET", null] },
  ]),
]);

agree("limits of ports", [
  ...rows("good", port, [{ lt: 1 }, { lt: 65536 }, { lte: 0 }, { gt: 65534 }, { gt: -1 }, { gte: 65535 }]),
  ...rows("bad", port, [{ lt: 0 }, { lte: -1 }, { gt: 65535 }, { gte: 65536 }]),
]);

agree("a condition with Istio's values", [
  ...rows("good", conditionOf, [
    { key: "source.ip", values: ["10.0.0.0/8", "::1"] },
    { key: "remote.ip", notValues: ["1.2.3.4"] },
    { key: "destination.ip", values: ["10.0.0.1"] },
    { key: "destination.port", values: ["80"], notValues: ["8080"] },
    { key: "source.serviceAccount", values: ["web", "shop/web"] },
    { key: "source.trustDomain", values: ["*.prod"] },
  ]),
  ...rows("bad", conditionOf, [
    { key: "source.namespace" },
    { key: "source.namespace", values: [] },
    { key: "source.namespace", values: [""] },
    { key: "source.namespace", values: "a" },
    { key: "source.namespace", values: [1] },
    { key: "source.namespace", value: ["a"] },
    { values: ["a"] },
  ]),
  ...rows("bad", conditionOf, [
    { key: "source.ip", values: ["a.b.c.d"] },
    { key: "remote.ip", notValues: ["x"] },
    { key: "destination.port", values: ["x"] },
    { key: "source.serviceAccount", values: ["*"] },
    { key: "source.trustDomain", values: ["*a*"] },
  ]),
]);

const claim = (members: object) => conditionOf({ key: "request.auth.claims[level]", ...members });

agree("a condition with typed operators", [
  ...rows("good", claim, [
    { eq: "gold" },
    { eq: 3 },
    { eq: true },
    { ne: "guest" },
    { ne: -1.5 },
    { lt: 10, gte: 0 },
    { lte: 1e9, gt: -0.5 },
    { exists: false },
    { allOf: ["a", 1, true] },
    { anyOf: ["a"], noneOf: ["b"] },
    { sameAs: "request.path{tenant}" },
    { sameAs: "request.headers[x-tenant]" },
    { sameAs: "request.auth[corp].claims[tenant]" },
    { sameAs: "source.namespace" },
    { values: ["a"], exists: true },
  ]),
  ...rows("bad", claim, [
    {},
    { eq: null },
    { eq: ["a"] },
    { ne: {} },
    { lt: "10" },
    { lt: true },
    { gte: "08:00" },
    { exists: "true" },
    { allOf: [] },
    { eq: "a", allOf: [] },
    { gt: 1, anyOf: [] },
    { anyOf: "a" },
    { noneOf: [null] },
    { noneOf: [["a"]] },
    { sameAs: "" },
    { sameAs: "tenant" },
    { sameAs: "request.path{}" },
    { sameAs: 1 },
    { matches: "a.*" },
  ]),
  ...rows("loader", claim, [
    { sameAs: "request.path{account}" },
    { sameAs: "request.auth[nobody].principal" },
  ]),
]);

const time = (members: object) => conditionOf({ key: "request.time", ...members });
const weekday = (members: object) => conditionOf({ key: "request.time.weekday", ...members });

agree("a condition on time", [
  ...rows("good", time, [
    { gte: "08:00", lt: "18:00" },
    { gt: "23:59:59" },
    { lte: "00:00" },
    { gte: "2026-12-01T08:00:00Z" },
    { lt: "2028-02-29T23:59:59Z" },
  ]),
  ...rows("bad", time, [
    {},
    { exists: false },
    { gte: 8 },
    { gte: "8:00" },
    { gte: "24:00" },
    { gte: "08:60" },
    { gte: "08:00:60" },
    { gte: "08:00Z" },
    { gte: "2026-12-01" },
    { gte: "2026-13-01T08:00:00Z" },
    { gte: "2026-12-32T08:00:00Z" },
    { gte: "2026-12-01T08:00:00" },
    { gte: "2026-12-01T08:00:00+01:00" },
    { gte: "2026-12-01 08:00:00Z" },
    { gte: "1969-12-31T23:59:59Z" },
    { eq: "08:00" },
    { anyOf: ["mon"] },
    { sameAs: "request.headers[date]" },
    { values: ["08:00"] },
  ]),
  ...rows("loader", time, [{ gte: "2026-02-30T08:00:00Z" }, { gte: "2027-02-29T08:00:00Z" }]),
  ...rows("good", weekday, [
    { anyOf: ["mon", "tue", "wed", "thu", "fri"] },
    { noneOf: ["sat", "sun"] },
    { eq: "mon" },
    { ne: "sun" },
    { exists: true },
  ]),
  ...rows("bad", weekday, [
    { exists: false },
    { anyOf: ["monday"] },
    { anyOf: ["Mon"] },
    { anyOf: [1] },
    { anyOf: [] },
    { eq: "monday" },
    { gte: "mon" },
    { values: ["mon"] },
  ]),
]);
