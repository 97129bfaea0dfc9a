import assert from "node:assert/strict";
import fc from "fast-check";
import { addressesOf, isLoopback, isPublic } from "../../../src/egress/address.ts";

Deno.test("special addresses are not public", () => {
  for (
    const address of [
      "0.0.0.0",
      "0.1.2.3",
      "10.0.0.1",
      "10.255.255.255",
      "100.64.0.1",
      "100.127.255.255",
      "127.0.0.1",
      "127.255.255.255",
      "169.254.0.1",
      "169.254.169.254",
      "172.16.0.1",
      "172.31.255.255",
      "192.0.0.1",
      "192.0.2.1",
      "192.88.99.1",
      "192.168.0.1",
      "192.168.255.255",
      "198.18.0.1",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "239.255.255.255",
      "240.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "::127.0.0.1",
      "::ffff:10.0.0.1",
      "::ffff:8.8.8.8",
      "::ffff:7f00:1",
      "64:ff9b::8.8.8.8",
      "64:ff9b::7f00:1",
      "64:ff9b:1::1",
      "100::1",
      "2001::1",
      "2001:0:4136:e378:8000:63bf:3fff:fdd2",
      "2001:10::1",
      "2001:20::1",
      "2001:db8::1",
      "2002:7f00:1::",
      "2002:808:808::1",
      "3fff::1",
      "3fff:fff::1",
      "fc00::1",
      "fd12:3456::1",
      "fe80::1",
      "fe80::1%eth0",
      "fec0::1",
      "ff02::1",
      "5f00::1",
      "4000::1",
      "1fff::1",
      "",
      "localhost",
      "example.com",
      "1.2.3",
      "1.2.3.4.5",
      "999.1.1.1",
      "8.8.8.256",
    ]
  ) assert.equal(isPublic(address), false, address);
});

Deno.test("addresses of the public internet are public", () => {
  for (
    const address of [
      "1.1.1.1",
      "8.8.8.8",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
      "128.0.0.0",
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.0.1.0",
      "192.167.255.255",
      "192.169.0.0",
      "198.17.255.255",
      "198.20.0.0",
      "223.255.255.255",
      "2606:4700::1111",
      "2001:4860:4860::8888",
      "2001:200::1",
      "2a00:1450:4001:800::200e",
      "3ffe:ffff::1",
      "[2606:4700::1111]",
    ]
  ) assert.equal(isPublic(address), true, address);
});

Deno.test("every address of a private block is refused", () => {
  const byte = fc.nat(255);
  const blocks = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
    fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  ).map((parts) => parts.join("."));
  fc.assert(fc.property(blocks, (address) => {
    assert.equal(isPublic(address), false);
    assert.equal(isPublic(`::ffff:${address}`), false);
    assert.equal(isPublic(`64:ff9b::${address}`), false);
  }));
});

Deno.test("an IPv6 address is public only inside 2000::/3, in any spelling", () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const first = new URL(`http://[${address}]`).hostname.slice(1).split(":")[0] ?? "";
      const group = parseInt(first, 16) || 0;
      if (group < 0x2000 || group > 0x3fff) assert.equal(isPublic(address), false);
      const spelled = new URL(`http://[${address}]`).hostname;
      assert.equal(isPublic(spelled), isPublic(address), spelled);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("no text crashes the check", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(typeof isPublic(text), "boolean");
    assert.equal(typeof isLoopback(text), "boolean");
  }));
});

Deno.test("loopback is told by name or number only", () => {
  for (
    const host of [
      "localhost",
      "LOCALHOST",
      "a.localhost",
      "localhost.",
      "127.0.0.1",
      "127.9.9.9",
      "::1",
      "[::1]",
    ]
  ) {
    assert.equal(isLoopback(host), true, host);
  }
  for (
    const host of [
      "localhost.evil.test",
      "127.evil.test",
      "notlocalhost",
      "10.0.0.1",
      "[::2]",
      "::ffff:127.0.0.1",
    ]
  ) {
    assert.equal(isLoopback(host), false, host);
  }
});

Deno.test("a name of the hosts file is found", async () => {
  const lines = (await Deno.readTextFile("/etc/hosts").catch(() => "")).split("\n");
  const [address = "", name = ""] = lines.find((line) => /^[\d.]+\s+(?!localhost)/.test(line))
    ?.split(/\s+/) ?? [];
  if (!name) return; // A machine with an empty hosts file.
  assert.ok((await addressesOf(name)).includes(address), `${name} is at ${address}`);
});

Deno.test("a name that nobody knows has no address", async () => {
  assert.deepEqual(await addressesOf("no.such.name.invalid"), []);
});

Deno.test("an address and this machine need no look-up", async () => {
  assert.deepEqual(await addressesOf("1.1.1.1"), ["1.1.1.1"]);
  assert.deepEqual(await addressesOf("fd00::1"), ["fd00::1"]);
  assert.deepEqual(await addressesOf("localhost"), ["127.0.0.1", "::1"]);
});
