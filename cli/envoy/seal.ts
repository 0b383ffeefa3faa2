import { typed, type JsonObject } from "./bootstrap.ts";

/** The filter state that Lictor sets to the document's `seal` on every allowed request. */
export const SEAL_KEY = "wasm.lictor.ok";

/**
 * The native check behind Lictor, right before the router: it denies every request without the mark.
 * Envoy leaves a filter out, silently, when a worker cannot configure it; then nothing passes here.
 *
 * An RBAC filter that denies everything, skipped on an exact match only: cheaper than an RBAC rule
 * on the mark, which writes metadata on every request.
 */
export function seal(secret: string): JsonObject {
  const skip = {
    name: "skip",
    typed_config: typed("envoy.extensions.filters.common.matcher.action.v3.SkipFilter"),
  };
  return {
    name: "lictor.seal",
    typed_config: typed("envoy.extensions.common.matching.v3.ExtensionWithMatcher", {
      extension_config: {
        name: "envoy.filters.http.rbac",
        typed_config: typed("envoy.extensions.filters.http.rbac.v3.RBAC", {
          rules: { action: "ALLOW", policies: {} },
          rules_stat_prefix: "lictor_seal_",
        }),
      },
      xds_matcher: {
        matcher_tree: {
          input: {
            name: "mark",
            typed_config: typed("envoy.extensions.matching.common_inputs.network.v3.FilterStateInput", {
              key: SEAL_KEY,
            }),
          },
          exact_match_map: { map: { [secret]: { action: skip } } },
        },
      },
    }),
  };
}
