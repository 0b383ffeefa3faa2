/** Documents, and what lint finds in each: `level id pointer`. */
import { conditionOf, documentOf, jwtRuleOf, operationOf, policyOf, ruleOf, sourceOf } from "./rows.ts";

const OPERATION = "/policies/0/rules/0/to/0/operation";
const SOURCE = "/policies/0/rules/0/from/0/source";
const CONDITION = "/policies/0/rules/0/when/0";

const denied = (operation: object, requests = {}) => ({
  ...policyOf({ action: "DENY", rules: [{ to: [{ operation: { ports: ["80"], ...operation } }] }] }),
  requests,
});
/** Two rules of one policy. */
export const two = (first: object, second: object, action = "ALLOW") =>
  policyOf({ action, rules: [first, second] });
export const to = (operation: object) => ({ to: [{ operation }] });
const from = (source: object) => ({ from: [{ source }] });

export const lintCases: [name: string, document: object, findings: string[]][] = [
  ["nothing", documentOf({}), []],
  ["a rule for everything", ruleOf({}), []],

  ["ALLOW without rules", policyOf({ rules: [] }), ["note empty-rules /policies/0"]],
  ["AUDIT without rules", policyOf({ action: "AUDIT", rules: [] }), ["warning empty-rules /policies/0"]],

  [
    "a path without a slash",
    operationOf({ paths: ["/a", "a"] }),
    [`warning never-matching-value ${OPERATION}/paths/1`],
  ],
  [
    "a path with a query",
    operationOf({ paths: ["/a?b"] }),
    [`warning never-matching-value ${OPERATION}/paths/0`],
  ],
  [
    "an excluded path with a query",
    operationOf({ notPaths: ["/a?b"] }),
    [`error never-matching-value ${OPERATION}/notPaths/0`],
  ],
  ["a suffix", operationOf({ paths: ["*.html"] }), []],
  [
    "a URL as host",
    operationOf({ hosts: ["https://a:1"] }),
    [`warning never-matching-value ${OPERATION}/hosts/0`],
  ],
  [
    "a method in lower case",
    operationOf({ methods: ["get"] }),
    [`warning never-matching-value ${OPERATION}/methods/0`],
  ],
  ["a method of one's own", operationOf({ methods: ["purge"] }), []],
  [
    "a server name with capitals",
    conditionOf({ key: "connection.sni", values: ["A.com"] }),
    [`warning never-matching-value ${CONDITION}/values/0`],
  ],
  [
    "an identity with its scheme",
    sourceOf({ principals: ["spiffe://a/ns/b/sa/c"] }),
    [`warning never-matching-value ${SOURCE}/principals/0`],
  ],
  [
    "an issuer without subject",
    sourceOf({ requestPrincipals: ["https://issuer"] }),
    [`warning never-matching-value ${SOURCE}/requestPrincipals/0`],
  ],
  [
    "an issuer's prefix without subject",
    sourceOf({ requestPrincipals: ["https://issuer*"] }),
    [`warning never-matching-value ${SOURCE}/requestPrincipals/0`],
  ],
  ["an issuer with any subject", sourceOf({ requestPrincipals: ["https://issuer/*"] }), []],
  [
    "an issuer in a condition",
    conditionOf({ key: "request.auth.principal", values: ["https://issuer"] }),
    [`warning never-matching-value ${CONDITION}/values/0`],
  ],
  [
    "any issuer and the subject *",
    sourceOf({ requestPrincipals: ["*/*"] }),
    [`warning never-matching-value ${SOURCE}/requestPrincipals/0`],
  ],

  ["a star inside a path", operationOf({ paths: ["/a*b"] }), [`warning literal-star ${OPERATION}/paths/0`]],
  ["a star at both ends", operationOf({ hosts: ["*.a.*"] }), [`warning literal-star ${OPERATION}/hosts/0`]],
  ["templates", operationOf({ paths: ["/a/{*}/{**}"] }), []],
  ["a star inside a namespace", sourceOf({ namespaces: ["a*b"] }), []],

  [
    "notPrincipals alone",
    sourceOf({ notPrincipals: ["a"] }),
    [`warning open-to-anonymous ${SOURCE}/notPrincipals`],
  ],
  [
    "notNamespaces alone",
    sourceOf({ notNamespaces: ["a"] }),
    [`warning open-to-anonymous ${SOURCE}/notNamespaces`],
  ],
  [
    "notRequestPrincipals alone",
    sourceOf({ notRequestPrincipals: ["a/b"] }),
    [`warning open-to-anonymous ${SOURCE}/notRequestPrincipals`],
  ],
  ["notPrincipals beside principals", sourceOf({ notPrincipals: ["a"], principals: ["*"] }), []],
  [
    "notPrincipals beside a condition on identity",
    ruleOf({ ...from({ notPrincipals: ["a"] }), when: [{ key: "source.namespace", values: ["b"] }] }),
    [],
  ],
  [
    "notPrincipals beside a condition on absence",
    ruleOf({ ...from({ notPrincipals: ["a"] }), when: [{ key: "request.auth.principal", exists: false }] }),
    [`warning open-to-anonymous ${SOURCE}/notPrincipals`],
  ],
  [
    "notPrincipals in a DENY policy",
    policyOf({ action: "DENY", rules: [from({ notPrincipals: ["a"] })] }),
    [],
  ],
  [
    "notValues of a namespace",
    conditionOf({ key: "source.namespace", notValues: ["a"] }),
    [`warning open-to-anonymous ${CONDITION}/notValues`],
  ],
  [
    "notValues of a claim beside requestPrincipals",
    ruleOf({
      ...from({ requestPrincipals: ["*"] }),
      when: [{ key: "request.auth.claims[a]", notValues: ["b"] }],
    }),
    [],
  ],
  ["noneOf", conditionOf({ key: "source.namespace", noneOf: ["a"] }), []],

  [
    "what is below a denied path",
    denied({ paths: ["/a/*"] }),
    [`warning denied-path-neighbors ${OPERATION}/paths/0`],
  ],
  [
    "a rest below a denied path",
    denied({ paths: ["/a/b/{**}"] }),
    [`warning denied-path-neighbors ${OPERATION}/paths/0`, `note template-in-istio ${OPERATION}/paths/0`],
  ],
  ["a denied path and what is below it", denied({ paths: ["/a", "/a/*"] }), []],
  ["a denied prefix", denied({ paths: ["/a*"] }), []],
  ["everything denied", denied({ paths: ["/*"] }), []],
  ["what is below an allowed path", operationOf({ paths: ["/a/*"] }), []],

  [
    "a denied path, ambiguous ones kept",
    denied({ paths: ["/a"] }, { ambiguousPaths: "KEEP" }),
    [`warning ambiguous-denied-path ${OPERATION}/paths`],
  ],
  [
    "an allowed path, ambiguous ones kept",
    { ...operationOf({ paths: ["/a"] }), requests: { ambiguousPaths: "KEEP" } },
    [],
  ],

  ["a host", operationOf({ hosts: ["a.com"] }), [`note host-without-port ${OPERATION}/hosts/0`]],
  ["a denied host", denied({ hosts: ["a.com"] }), [`warning host-without-port ${OPERATION}/hosts/0`]],
  [
    "an excluded host",
    operationOf({ notHosts: ["a.com"] }),
    [`warning host-without-port ${OPERATION}/notHosts/0`],
  ],
  [
    "a host excluded from a denial",
    denied({ notHosts: ["a.com"] }),
    [`note host-without-port ${OPERATION}/notHosts/0`],
  ],
  ["a host with any port", operationOf({ hosts: ["a.com", "A.com:*"] }), []],
  ["a host with a port", operationOf({ hosts: ["a.com", "a.com:8080"] }), []],
  ["hosts with wildcards", operationOf({ hosts: ["*.a.com", "a*", "a.com:1"] }), []],

  [
    "a header with capitals",
    conditionOf({ key: "request.headers[X-A]", values: ["b"] }),
    [`note header-name-case ${CONDITION}/key`],
  ],
  ["a header", conditionOf({ key: "request.headers[x-a]", values: ["B"] }), []],

  [
    "a denied path on any port",
    policyOf({ action: "DENY", rules: [to({ paths: ["/a"] })] }),
    ["note http-only-denial /policies/0/rules/0"],
  ],
  [
    "a denied token on any port",
    policyOf({ action: "DENY", rules: [from({ requestPrincipals: ["*"] })] }),
    ["note http-only-denial /policies/0/rules/0"],
  ],
  [
    "a denied path on one port",
    policyOf({ action: "DENY", rules: [to({ paths: ["/a"], ports: ["80"] })] }),
    [],
  ],
  [
    "a denied path, the port in a condition",
    policyOf({
      action: "DENY",
      rules: [{ ...to({ paths: ["/a"] }), when: [{ key: "destination.port", values: ["80"] }] }],
    }),
    [],
  ],
  ["a denied port", policyOf({ action: "DENY", rules: [to({ ports: ["22"] })] }), []],
  ["a denied workload", policyOf({ action: "DENY", rules: [from({ principals: ["a"] })] }), []],

  [
    "a number as text",
    conditionOf({ key: "request.auth.claims[level]", values: ["a", "3"] }),
    [`note number-as-text ${CONDITION}/values/1`],
  ],
  [
    "a boolean as text",
    conditionOf({ key: "request.auth[corp].claims[ok]", notValues: ["true"], exists: true }),
    [`note number-as-text ${CONDITION}/notValues/0`],
  ],
  ["a number", conditionOf({ key: "request.auth.claims[level]", eq: 3 }), []],

  [
    "tokens for ever",
    jwtRuleOf({ requireExpiry: false, audiences: ["a"] }),
    ["note loose-token-rule /jwtRules/0/requireExpiry"],
  ],

  [
    "claims of tokens that nothing verifies",
    { ...conditionOf({ key: "request.auth.claims[a]", values: ["b"] }), jwtRules: [] },
    [`warning no-token-rule ${CONDITION}/key`],
  ],
  [
    "callers of tokens that nothing verifies",
    { ...sourceOf({ requestPrincipals: ["*"] }), jwtRules: [] },
    [`warning no-token-rule ${SOURCE}/requestPrincipals`],
  ],
  ["no tokens and nothing about them", { ...operationOf({ methods: ["GET"] }), jwtRules: [] }, []],

  [
    "a rule twice",
    two(to({ methods: ["GET"] }), to({ methods: ["GET"] })),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  [
    "a rule below one for everything",
    two({}, to({ methods: ["GET"] })),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  [
    "a rule above one for everything",
    two(to({ methods: ["GET"] }), {}),
    ["warning shadowed-rule /policies/0/rules/0"],
  ],
  [
    "a path below a prefix",
    two(to({ paths: ["/a*"] }), to({ paths: ["/a/b", "/a/{*}"] })),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  ["a path beside a prefix", two(to({ paths: ["/a/*"] }), to({ paths: ["/a/b", "/c"] })), []],
  [
    "fewer values",
    two(to({ methods: ["GET", "PUT"] }), to({ methods: ["PUT"], hosts: ["*"] })),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  [
    "an exclusion that is wider",
    two(to({ notPaths: ["/a"] }), to({ notPaths: ["/a*"] })),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  [
    "a further condition",
    two(from({ namespaces: ["a"] }), {
      ...from({ namespaces: ["a"] }),
      when: [{ key: "request.headers[a]", values: ["b"] }],
    }),
    ["warning shadowed-rule /policies/0/rules/1"],
  ],
  [
    "another condition",
    two(
      { when: [{ key: "request.headers[a]", values: ["b"] }] },
      { when: [{ key: "request.headers[a]", values: ["c"] }] },
    ),
    [],
  ],
  [
    "the same rule in a dry run",
    documentOf({
      policies: [
        { name: "a", rules: [{}] },
        { name: "b", rules: [{}], dryRun: true },
      ],
    }),
    [],
  ],
  [
    "the same rule in another action",
    documentOf({
      policies: [
        { name: "a", rules: [{}] },
        { name: "b", rules: [{}], action: "AUDIT" },
      ],
    }),
    [],
  ],
  [
    "the same rule in another policy",
    documentOf({
      policies: [
        { name: "a", rules: [{}] },
        { name: "b", rules: [{}] },
      ],
    }),
    ["warning shadowed-rule /policies/1/rules/0"],
  ],
  [
    "an account of another namespace",
    documentOf({
      policies: [
        { name: "a", namespace: "x", rules: [from({ serviceAccounts: ["s"] })] },
        { name: "b", namespace: "y", rules: [from({ serviceAccounts: ["s"] })] },
      ],
    }),
    [],
  ],
  [
    "names of segments",
    two(
      { ...to({ paths: ["/{a}/{b}"] }), when: [{ key: "request.path{a}", eq: "x" }] },
      { ...to({ paths: ["/{b}/{a}"] }), when: [{ key: "request.path{a}", eq: "x" }] },
    ),
    [],
  ],
];
