/** The policy document as design and filter have it: the one definition that types, checks and editors share. */
import { z } from "zod";
import { jwtRule } from "./jwt-rule.ts";
import { policy } from "./policy.ts";
import { described, nonEmptyText } from "./texts.ts";

const identity = z
  .strictObject({
    source: described(
      z.enum(["TLS", "ISTIO", "XFCC", "NONE"]),
      "Where the caller's identity comes from: its certificate, a waypoint's filter state, X-Forwarded-Client-Cert, or nowhere. ISTIO and XFCC are not in this version: refused.",
    ).optional(),
    trustDomains: described(
      z
        .array(
          z.string().regex(/^[a-z0-9._-]{1,255}$/, "expected 1 to 255 lower-case letters, digits and .-_"),
        )
        .max(16),
      "The first is ours, the others are aliases; callers of other domains are refused. None: any.",
      ["cluster.local"],
    ).optional(),
    xfccFrom: described(
      z.array(nonEmptyText),
      "Principals that may assert X-Forwarded-Client-Cert. Not in this version: refused.",
      ["cluster.local/ns/edge/sa/gateway"],
    ).optional(),
    peerAddress: described(
      z.enum(["", "FILTER_STATE"]),
      "FILTER_STATE: native filter state `lictor.peer_ip` holds the TCP peer's address; `ipBlocks` and `source.ip` need it.",
    ).optional(),
  })
  .meta({ title: "Identity", description: "How the calling workload is known." });

const limits = z
  .strictObject({
    tokenBytes: described(
      z.int().min(1).max(65536),
      "Longest token in bytes, 1 to 65536; default 8192.",
      16384,
    ).optional(),
    tokenCache: described(
      z.int().min(0).max(8000),
      "Verified tokens that are kept, 0 to 8000; 0: none. Default 1000.",
      0,
    ).optional(),
  })
  .meta({ title: "Limits", description: "Sizes that a document may set." });

const keepOrRefuse = z.enum(["REFUSE", "KEEP"]);
const requests = z
  .strictObject({
    ambiguousPaths: described(
      keepOrRefuse,
      "REFUSE: 400 on dot segments, `//`, encoded slashes and their kin.",
    ).optional(),
    overrides: described(
      keepOrRefuse,
      "REFUSE: 400 on headers that restate method or path, where policy names these.",
    ).optional(),
  })
  .meta({ title: "Requests", description: "What is refused before policy is asked." });

/** A part that only loads at its default. */
const nothing = z.strictObject({}).meta({ description: "Empty in this version." });

export const documentSchema = z
  .strictObject({
    apiVersion: described(z.literal("lictor/v1"), "Version of the format."),
    revision: described(
      z.string().regex(/^[A-Za-z0-9._-]{0,64}$/),
      "Stands in every record and in a metric.",
      "orders-17",
    ).optional(),
    seal: described(
      z.string().regex(/^(?:[\x21-\x7e]{16,512})?$/),
      "The deployment's random secret; a native check behind Lictor denies requests that do not carry it.",
    ).optional(),
    mode: described(z.enum(["ENFORCE", "OBSERVE"]), "OBSERVE: decide and record, deny nothing.").optional(),
    identity: identity.optional(),
    jwtRules: described(z.array(jwtRule).max(256), "Whose tokens are taken.").optional(),
    policies: described(z.array(policy).max(20000), "Who may do what.").optional(),
    defaultAction: described(
      z.enum(["DENY", "ALLOW"]),
      "When no DENY and no ALLOW policy matched. Default DENY.",
    ).optional(),
    limits: limits.optional(),
    requests: requests.optional(),
    validation: z.array(z.never()).max(0).meta({ description: "Empty in this version." }).optional(),
    containment: nothing.optional(),
    audit: nothing.optional(),
  })
  .meta({
    title: "Lictor policy document",
    description: "What Lictor enforces in one proxy, in Istio's vocabulary.",
  });

export type Document = z.output<typeof documentSchema>;
