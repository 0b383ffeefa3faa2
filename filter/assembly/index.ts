/**
 * The Lictor filter: the module that a proxy loads. `host/` talks to the proxy, `enforce/` decides.
 */
import { onConfigure, onRequestHeaders, onRootDelete } from "proxy-wasm-assemblyscript-sdk";
import { configure, forget } from "./host/configure";
import { handleRequest } from "./host/stream";

onConfigure(configure);
onRequestHeaders(handleRequest);
onRootDelete(forget);

// Each further callback costs every request about half a microsecond, so there are no others.
export {
  malloc,
  proxy_abi_version_0_2_1,
  proxy_on_configure,
  proxy_on_context_create,
  proxy_on_delete,
  proxy_on_request_headers,
} from "proxy-wasm-assemblyscript-sdk";
