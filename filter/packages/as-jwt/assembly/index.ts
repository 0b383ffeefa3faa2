export * from "./algorithms";
export * from "./claims";
export * from "./jwk";
export * from "./jws";
export * from "./key-set";
export * from "./key-tables";
export * from "./reason";
export * from "./verify";
