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

/*
 * ECDSA: points, signatures for which u1 and u2 have 32 bits, so that what works bit by bit is soon done, the
 * digest that each is for, and one with another such u1.
 */

/** x and y of a public point on P-256. */
export const P256_POINT = memory.data<u64>([
  0xd95f702f97c7a82b, 0x6dc239152ad332cc, 0xd327a263193b9a27, 0xe1ae82a7bb1f4f0e, 0x504e1a8144443e3e,
  0x087085fb5fc8a68e, 0xd43c59cb11f9e631, 0x1cf6a1665384c598,
]);
/** ES256. */
export const P256_SIGNATURE = memory.data<u64>([
  0xaed766504ae305e7, 0x1c6280aa025be411, 0x4ea83490f2ab5180, 0xb754caf5c078b3a6, 0x06b3f49a3a64419b,
  0x30043d7c6ee52fb3, 0xdb4bf30faff860b1, 0xc285cd533316f0a3,
]);
export const P256_DIGEST = memory.data<u64>([
  0xe9afbc0c37cfcb26, 0x7fcbbef4a87e0814, 0xe436d2ef30d38f73, 0x1b8a54520aaf71cb,
]);
export const P256_OTHER_DIGEST = memory.data<u64>([
  0x5599e3b57c589e8b, 0x2f1548491e9becef, 0x86e7d6fdee6cbab9, 0x762ea273bba5015e,
]);

/** x and y of a public point on P-384. */
export const P384_POINT = memory.data<u64>([
  0x61d0e537f69d331a, 0xc1a34224c0b3c13f, 0x0fd1cfc303f288b9, 0x41547a36853d6492, 0x85b09ae89ebd072c,
  0x88265b0a5da04eb7, 0xb6f81a93cfbf2618, 0x73ecfabeeb5bbf06, 0xb4a2f02ae64373b4, 0x1a71cbd4f99b4665,
  0x105733e2877b59d1, 0xe0a151ed601ed26c,
]);
/** ES384. */
export const P384_SIGNATURE = memory.data<u64>([
  0x8e5edb1fa6170f56, 0xdeeb84f0a8d269e9, 0xbb8be8961e58664f, 0x7c309660b0297bd5, 0xd53876f6abf44a34,
  0xc7493819651fb504, 0x0941e159e0f44736, 0x5b998a451f689a41, 0x846a160bbc756041, 0x3e8b78980adb51aa,
  0xd31544b57e2b84c5, 0xf4fd6d0d4bdd305e,
]);
export const P384_DIGEST = memory.data<u64>([
  0x7a1db8ceaab3bd5b, 0xea970fc4895bda17, 0x22a258de12ccc0b3, 0x85a761ade6e4edfa, 0x5f52c02385bdb154,
  0x787c1f03e1b00eb1,
]);
export const P384_OTHER_DIGEST = memory.data<u64>([
  0xb08bf36aa70a7251, 0x2fc716e3977d2279, 0x502c8515b685d382, 0xaea97425e12ee3b2, 0x96ecb6775dda5eb7,
  0x4beead177fad3655,
]);

/** x and y of a public point on P-521. */
export const P521_POINT = memory.data<u64>([
  0x959ade20fafe1200, 0x30b344847f64d069, 0x32de0aab474ad00d, 0xc7fb229d18db44aa, 0x62d107bbed1b2cba,
  0x8976d759c5fc39d5, 0x2f4867aa241e8401, 0x34ea9353701a1601, 0x1502c3d336008878, 0x9d68a10d22b626cc,
  0x248d366277e97e34, 0x26c2aa6410573eeb, 0xe446d14d2ce8431a, 0x0180e1f23ef82237, 0xefa2bcd977180a2b,
  0xefddc93f6297371f, 0x0000000090c79190,
]);
/** ES512. */
export const P521_SIGNATURE = memory.data<u64>([
  0xf2723892bf115300, 0x2848000df849b300, 0xe93702272f5bfb77, 0x6fdb3339456880ff, 0xc14af0ed62827391,
  0xe4939bc55ff096ca, 0x92e6d51532643a85, 0xf0824ec879402594, 0xcb72d36034014b89, 0x68ce6c6e7c27894f,
  0x04342be3889cf2ba, 0x58dd216177618eef, 0x596869fe824142d7, 0x9d5f387f72ad94ed, 0x3683346ee7bd24a9,
  0x21d2a36bd5d994c5, 0x00000000d1527a61,
]);
export const P521_DIGEST = memory.data<u64>([
  0xd5ce8faba393cb00, 0x0d7ec8b212693d79, 0x42b18401c0c4f863, 0x95e289431754e40a, 0xf183c0ca5e244b96,
  0xcac95617c570e627, 0x2758043b92fa4f51, 0xa5ddd1a77218c140, 0x00000000000086d9,
]);
export const P521_OTHER_DIGEST = memory.data<u64>([
  0xcefe545be2a46500, 0xd5bf902e59d3620f, 0xc5181efec1e1229a, 0xaee3fb68ef58c309, 0xa2a51a09590a18bb,
  0x1aab10bfff1b7a82, 0x6cce6e06506841b7, 0x3d0c6ad76f232a75, 0x00000000000053f4,
]);

/** EdDSA by the private key of 32 ones. */
export const ED25519_KEY = memory.data<u64>([
  0x95f10974dde3888a, 0x725dba3c2ddb52fd, 0x1b12941dbf0967ca, 0x5c6f0fb4018874f3,
]);

export const ED25519_SIGNATURE = memory.data<u64>([
  0x300204626a2d0dd8, 0x66173a8a50a50746, 0xa39fd7bf77e86b9d, 0xa0d482889fee4dbe, 0x695a8f1100792b1b,
  0x42e3e0d4da55562b, 0x1f82daccf53e2b85, 0x0389fbf556332699,
]);
