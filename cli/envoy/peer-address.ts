/** The address of the connection's peer, which a wasm filter cannot see, in filter state for `ipBlocks`. */
import { typed, type JsonObject } from "./bootstrap.ts";

/** Where Lictor reads it, with `identity.peerAddress` FILTER_STATE. */
export const PEER_ADDRESS_KEY = "lictor.peer_ip";

/** A filter in front of Lictor's. */
export function peerAddress(): JsonObject {
  return {
    name: "lictor.peer-address",
    typed_config: typed("envoy.extensions.filters.http.set_filter_state.v3.Config", {
      on_request_headers: [
        {
          object_key: PEER_ADDRESS_KEY,
          factory_key: "envoy.string",
          format_string: {
            text_format_source: { inline_string: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%" },
          },
        },
      ],
    }),
  };
}
