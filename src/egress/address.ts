/**
 * Which addresses lie on the public internet. Everything else is refused unless it was granted.
 * @module
 */

/** IPv4 blocks that are not public (RFC 6890 and later). */
const SPECIAL_IPV4 =
  ("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 " +
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 " +
    "224.0.0.0/3").split(" ");
/** The most addresses of one name that are tried. */
const ADDRESSES_LIMIT = 8;

/** A host as in a URL without the brackets of IPv6. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

/** Whether `host` (as in a URL, IPv6 with or without brackets) is an address and no name. */
export function isAddress(host: string): boolean {
  return host.includes(":") || /^((^|\.)(25[0-5]|2[0-4]\d|1?\d?\d)){4}$/.test(host);
}

/** Whether `host` names this machine, whatever a name server says. */
export function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost\.?$/i.test(host) || bare(host) === "::1" ||
    (isAddress(host) && host.startsWith("127."));
}

/** Whether an address is one of the public internet; false for what is no address. */
export function isPublic(address: string): boolean {
  if (!isAddress(address)) return false;
  if (!address.includes(":")) {
    return !SPECIAL_IPV4.some((block) => {
      const [first = "", prefix] = block.split("/");
      const size = 2 ** (32 - Number(prefix));
      return Math.floor(toNumber(address) / size) === toNumber(first) / size;
    });
  }
  // 2000::/3 alone is global unicast, so mapped, translated, unique local, link-local, multicast,
  // loopback and unspecified addresses all fall through the first test.
  const [a = 0, b = 0] = bare(address).split(":").map((group) => parseInt(group, 16) || 0);
  if (a < 0x2000 || a > 0x3fff) return false;
  return !(
    (a === 0x2001 && (b < 0x200 || b === 0xdb8)) || // protocol assignments with Teredo; documentation
    a === 0x2002 || // 6to4: carries any IPv4 address
    (a === 0x3fff && b < 0x1000) // documentation
  );
}

function toNumber(ipv4: string): number {
  return ipv4.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The addresses of `host`, in the system's order; none if nobody knows that name. */
export async function addressesOf(host: string): Promise<string[]> {
  if (isAddress(host)) return [host];
  if (isLoopback(host)) return ["127.0.0.1", "::1"];
  const { default: process } = await import("node:process");
  // The compiled program's runtime would warn the person, between their answers, of a part of its own.
  Object.assign(process, { noDeprecation: true });
  // The system's look-up, which knows the hosts file too. Imported late: it costs 5 ms.
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.slice(0, ADDRESSES_LIMIT).map(({ address }) => address);
}
