/**
 * Known answers for `self-test.ts`. Numbers stand as they do in memory, eight bytes a little-endian word.
 */

/** "abc", the message of all. */
export const MESSAGE = memory.data<u8>([0x61, 0x62, 0x63]);

/** Its digests: FIPS 180-4's examples. */
export const SHA256_DIGEST = memory.data<u64>([
  0xeacf018fbf1678ba, 0x2322ae5dde404141, 0x9c7a1796a36103b0, 0xad1500f261ff10b4,
]);
export const SHA384_DIGEST = memory.data<u64>([
  0x8b5ea3453f7500cb, 0x0750c69a693da0b5, 0x63d1de0eab322c27, 0xed5bff435a608b1a, 0x23cce7a12b078680,
  0xa725c834a1ecba58,
]);
export const SHA512_DIGEST = memory.data<u64>([
  0xba7a6193a135afdd, 0x314120ae497341cc, 0xa27ea9894efae612, 0x9ad3554be6ee9e0a, 0xa8c14f272a999221,
  0xbdebfea3233cba36, 0x0ee83c6423444d45, 0x9fa44ca54fc99a2a,
]);

export const RSA_EXPONENT = memory.data<u8>([0x01, 0x00, 0x01]);

export const RSA_MODULUS = memory.data<u64>([
  0xe4ddf0afd7e624c3, 0x85321de22f5a51f9, 0x6b0e6bb744147bcb, 0x119607cba8930334, 0xb46d68e7b2a51192,
  0x9548bbc6c1b5c7e1, 0x1ad3ac7069850913, 0x15e60899490da655, 0x36ee8724095962f2, 0x85d2aa1145290e34,
  0xbef5bac0ff7ba64b, 0x17eb48d2524ad820, 0x46d7dae993b619ce, 0xc5c96794bbaaafdb, 0xb6e16ce75405484a,
  0x4ccd38f04512c6a7, 0xba12c5c7f8b3a808, 0xa1ec05ca13bf37af, 0x39742ef5aaf5d7cf, 0x33443e7e08575f37,
  0x611a51ac500284c5, 0x5bd9c38ba687cdac, 0x1b9c2132f084e0ad, 0xc9b36d937a600a63, 0x2978d209faf770d8,
  0x10369649f8da68a1, 0xd9487643b907eded, 0xb924215eafeea5b8, 0x5255fe39c2c62340, 0xe253fb5addf952ed,
  0xb7c2175ce9141e52, 0x9925ed6e551c73c6,
]);

/** RS256. */
export const PKCS1_SIGNATURE = memory.data<u64>([
  0x359097b0e0945c85, 0x94c6392217180c8d, 0xe7c253e2324c9e2e, 0x2d80f6489fdea315, 0x3b4a3e4898a0fbd9,
  0x2c8a6177e2426326, 0xe513ba7ef564e495, 0x5f4ac51a6bb31af6, 0x074a31e3a663d57a, 0x94248f886b9cb579,
  0xbdb41c0a006a98f6, 0xfd451bc5cca9f3df, 0xa3a40ef42e3337ab, 0xe60f67331db5fdce, 0xfbb88e8864fded79,
  0x8ab1193ba62cf29f, 0x3a09aa239be3a31b, 0xa43c55b99e1fb418, 0x0ebaab71e932bc4c, 0x419f3c95214e1656,
  0x8a435f6a0d3fa3f2, 0xd47ceaa09f385e6d, 0x95c53390c606b087, 0xd6c570ebf95cb40c, 0xa19da6faaa44e700,
  0x8cafe9c8bcb8ab1f, 0x6fa0c53985b36bcd, 0xda61b532114b795a, 0x00796547540a3389, 0x0b1c06149451ef27,
  0x3e75e3378842cc6e, 0xf50266b2af76e137,
]);

/** PS512. */
export const PSS_SIGNATURE = memory.data<u64>([
  0xe1c9039657675585, 0x6dee511b7cf2d848, 0x6d823c26b95f08c9, 0xacde447b5ed57fdf, 0x71b3805ba2b818d4,
  0x0cbebbcdb7e9c22f, 0x72edac407d39f268, 0x0dba858b73a482ca, 0x46d89e9f386ec735, 0x14ff0823bdea3fbc,
  0xd4225e6cd874571e, 0xff17b4f3d7dab7a5, 0x71e08da1517ec215, 0x082c1c7283a16c46, 0x3f07eb9e8195c5cd,
  0x5ffb0dcffe2e2e97, 0x04335fa6b0e1a4fa, 0x85f65620750333f5, 0xaaca5ea4b184ca20, 0x352902ba2bce46ef,
  0x4dfd3e1964fddfbe, 0xb4ecf7d184b2882b, 0x5c87f7d9bba8ccfa, 0x64bcea55f2e76743, 0x9628af11e810f5de,
  0x40ce9945fba48f59, 0xb2386daf8344c7bc, 0x31a7aa4ad07bb661, 0x26e4f11315c251c0, 0x961d0bdb320cc7a4,
  0x6e610f397e5e88c5, 0xd26f079e4565bdb7,
]);

/** HS384, the secret being the first 48 bytes of `RSA_MODULUS`. */
export const HMAC_SIGNATURE = memory.data<u64>([
  0xdde4c19858f5e6b8, 0x8e1bc783ecf8dff1, 0x0f5984e720351b88, 0x4aee00f939848977, 0x483e2062fa292143,
  0xaf920af02628a742,
]);

/** ES256 by the private key 1, whose public key is G, so that its table is the one that is needed anyway. */
export const P256_SIGNATURE = memory.data<u64>([
  0x2b3720ebdca3afa6, 0x21073c646b319fa6, 0xc15a42892d0b9482, 0x625739a71aab2017, 0x315458bd14c7ded1,
  0xc4f62e8e9d0701b2, 0x08461fcfe68aecc4, 0x7285cf71a402d785,
]);

/** x and y of G, and ES384 by the private key 1. */
export const P384_POINT = memory.data<u64>([
  0x37058bbe22ca87aa, 0x74ad20f31ec7b18e, 0x989ba78b623b1d6e, 0x382a5482e041f759, 0x6c2955bf5df20255,
  0xb70a7672385e543a, 0x6f2c26964ade1736, 0x29dc9292bf989e5d, 0x7c149a28bd1df4f8, 0xc0b8f0b51331dae9,
  0x9d817e1dceb1600a, 0x5f0eea907c1d437a,
]);

export const P384_SIGNATURE = memory.data<u64>([
  0x35ff095fb0cb2f48, 0xe7f008b49909da24, 0xa15b8734db9ae7ad, 0x5a9de0f21b0d17d7, 0xc56f3188624c5157,
  0x19b79435f12abb19, 0xd2740e4cd9dc7dbe, 0x9569f59f40020dba, 0xf69007a9e8fca979, 0x970c867ebb7164fe,
  0x58b8de8d5e5e2d44, 0x029b52350f6c283d,
]);

/** x and y of G, and ES512 by the private key 1. */
export const P521_POINT = memory.data<u64>([
  0x0404b7068e85c600, 0x952366cb3e9ecde9, 0x3f053981649c42b4, 0x4d6b60af28f821b5, 0xe7ef775e4ba1ba3d,
  0xffa227c11dfe2859, 0x6a85c1b34833dea8, 0xe5c2317e7ef99b42, 0x786a2939180166bd, 0xb45f8a5c04c03b9a,
  0x4944f598d91b7d2c, 0x17bdaf1768449b57, 0x9972ee972c663e27, 0x01b950c54026f45e, 0x86703c356107ad3f,
  0x7694be8840c272a2, 0x000000005066d19f,
]);

export const P521_SIGNATURE = memory.data<u64>([
  0x6365808359945f00, 0x4f995402b665676f, 0x130995593ea21bb1, 0x6ca35fb93e134dd3, 0x50ea5b2680f34149,
  0x85dbc46fee085fd2, 0x198dcbd3b2cc64d7, 0x08b3582129667427, 0x0016ecebf901aaf7, 0x78176420f776a78c,
  0x2ce858060be99af8, 0x828c1d7792193ec9, 0xf318e496cfeac391, 0xd21c991cbb4327bc, 0x68f0c918fd8b1d10,
  0x986e789392155d3d, 0x00000000bb15909a,
]);

/** EdDSA by the private key of 32 ones. */
export const ED25519_KEY = memory.data<u64>([
  0x95f10974dde3888a, 0x725dba3c2ddb52fd, 0x1b12941dbf0967ca, 0x5c6f0fb4018874f3,
]);

export const ED25519_SIGNATURE = memory.data<u64>([
  0x300204626a2d0dd8, 0x66173a8a50a50746, 0xa39fd7bf77e86b9d, 0xa0d482889fee4dbe, 0x695a8f1100792b1b,
  0x42e3e0d4da55562b, 0x1f82daccf53e2b85, 0x0389fbf556332699,
]);
