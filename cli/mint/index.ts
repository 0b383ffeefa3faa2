/** Credentials to order, for tests, demonstrations and `lictor token`. */
export * from "./broken.ts";
export * from "./certificates.ts";
export * from "./keys.ts";
export * from "./token.ts";
