/** The acts of the demo; each says whether every verdict was as expected. */
import type { JsonWebKey } from "node:crypto";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { callFrom, callWithStolen, type Call } from "./calls.ts";
import { confuseAlgorithm, forgeClaims } from "./forge.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { Mesh } from "./mesh.ts";
import type { Service } from "./policies.ts";
import { heading, say, verdict } from "./report.ts";

export interface Stage {
  mesh: Mesh;
  provider: IdentityProvider;
  /** Read by the documents of the mesh: a push makes it count. */
  quarantined: Service[];
}

const FAILING_MODULE = fileURLToPath(
  new URL("../../build/out/modules/left-out-of-workers.wasm", import.meta.url),
);

/** `allow`, or the status and the reason that the service's own log has. */
async function outcome(mesh: Mesh, service: Service, call: () => Promise<number>): Promise<string> {
  const before = mesh.log.length;
  const status = await call();
  for (let tries = 0; tries < 100 && mesh.log.length === before; tries++) await sleep(10);
  const logged = mesh.log.slice(before).find((entry) => entry.service === service);
  if (status === 200) return "allow";
  const reason = /^lictor_denied\{(.*)\}$/.exec(logged?.line.details ?? "")?.[1];
  return `${status} ${reason ?? logged?.line.details ?? "no log"}`;
}

export async function everydayCalls({ mesh, provider }: Stage): Promise<boolean> {
  heading("Every day: the web service reads orders for its users");
  const good = await provider.token("shopper");
  const sleeper = await provider.token("sleeper");
  const [key] = ((await provider.keys()) as { keys: JsonWebKey[] }).keys;
  const read = (token?: string): Call => ({
    method: "GET",
    path: "/orders/17",
    ...(token === undefined ? {} : { token }),
  });
  const webToOrders = (token?: string) =>
    outcome(mesh, "orders", () => callFrom(mesh, "web", "orders", read(token)));
  const agrees = [
    verdict("web reads an order without a token", "401 token_missing", await webToOrders()),
    verdict("web reads an order with the user's token", "allow", await webToOrders(good)),
    verdict(
      "web reads an order with a token without the scope",
      "403 scope_insufficient",
      await webToOrders(await provider.token("newcomer")),
    ),
    verdict(
      "web reads an order with a forged token",
      "401 signature_invalid",
      await webToOrders(forgeClaims(good, { sub: "admin" })),
    ),
    verdict(
      "web reads an order with an algorithm-confused token",
      "401 algorithm_refused",
      await webToOrders(confuseAlgorithm(good, key!)),
    ),
    verdict(
      "ledger, the wrong service, reads an order",
      "403 no_policy_allowed",
      await outcome(mesh, "orders", () => callFrom(mesh, "ledger", "orders", read(good))),
    ),
    verdict(
      "orders writes an entry of the ledger",
      "allow",
      await outcome(mesh, "ledger", () =>
        callFrom(mesh, "orders", "ledger", { method: "POST", path: "/entries" }),
      ),
    ),
  ];
  await sleep(2500); // The sleeper's token lives a second, and the clock skew is one more.
  agrees.push(
    verdict("web reads an order with an expired token", "401 token_expired", await webToOrders(sleeper)),
  );
  return agrees.every(Boolean);
}

export async function breach({ mesh, provider, quarantined }: Stage): Promise<boolean> {
  heading("2:13 a.m.: somebody has the private key of the web service, and moves sideways");
  const asWeb = (to: Service, call: Call) => outcome(mesh, to, () => callWithStolen(mesh, "web", to, call));
  const token = await provider.token("shopper");
  const agrees = [
    verdict(
      "thief writes an entry of the ledger",
      "403 no_policy_allowed",
      await asWeb("ledger", { method: "POST", path: "/entries" }),
    ),
    verdict(
      "thief reads the ledger",
      "403 no_policy_allowed",
      await asWeb("ledger", { method: "GET", path: "/entries" }),
    ),
    verdict(
      "thief deletes an order",
      "403 no_policy_allowed",
      await asWeb("orders", { method: "DELETE", path: "/orders/17", token }),
    ),
    verdict(
      "thief reads an order without a token",
      "401 token_missing",
      await asWeb("orders", { method: "GET", path: "/orders/17" }),
    ),
    verdict(
      "thief hides a path behind an escaped slash",
      "400 path_ambiguous",
      await asWeb("ledger", { method: "POST", path: "/x%2f..%2fentries" }),
    ),
    verdict(
      "thief with a user's stolen token reads an order",
      "allow",
      await asWeb("orders", { method: "GET", path: "/orders/17", token }),
    ),
  ];
  say("  What the web service may do, its thief may do. One line of policy ends it:");
  say(
    '  {"name":"quarantine","action":"DENY","rules":[{"from":[{"source":{"principals":["demo.mesh/ns/shop/sa/web"]}}]}]}',
  );
  quarantined.push("web");
  const pushed = performance.now();
  const push = mesh.push("orders");
  let last = 200;
  while (last === 200 && performance.now() - pushed < 10_000) {
    last = await callWithStolen(mesh, "web", "orders", { method: "GET", path: "/orders/17", token });
  }
  const enforced = performance.now() - pushed;
  await push;
  await mesh.push("ledger");
  await sleep(100);
  say(`  from the push to the first refused request: ${enforced.toFixed(0)} ms`);
  agrees.push(
    verdict(
      "thief with a user's stolen token reads an order",
      "403 policy_denied",
      await asWeb("orders", { method: "GET", path: "/orders/17", token }),
    ),
    verdict(
      "orders still writes entries of the ledger",
      "allow",
      await outcome(mesh, "ledger", () =>
        callFrom(mesh, "orders", "ledger", { method: "POST", path: "/entries" }),
      ),
    ),
  );
  return agrees.every(Boolean);
}

/** A filter that fails to configure in a worker is dropped by Envoy without a word; the seal is what denies. */
export async function missingFilter({ mesh }: Stage): Promise<boolean> {
  heading("The filter goes missing: a push that Envoy accepts fails in the worker");
  const result = await mesh.push("ledger", {
    wasm: FAILING_MODULE,
    configuration: "",
    vmId: "left-out-of-workers",
  });
  const agrees = [verdict("Envoy takes the push", "accepted", result.accepted ? "accepted" : "refused")];
  for (const call of [
    { method: "POST", path: "/entries" },
    { method: "GET", path: "/anything" },
  ]) {
    agrees.push(
      verdict(
        `orders calls ${call.method} ${call.path} of the ledger`,
        "403 rbac_access_denied_matched_policy[none]",
        await outcome(mesh, "ledger", () => callFrom(mesh, "orders", "ledger", call)),
      ),
    );
  }
  return agrees.every(Boolean);
}
