/**
 * Reads base64 as it stands in foreign text.
 * @module
 */

/**
 * The bytes, one character each, of base64 in either alphabet, with or without the filling at its end;
 * `undefined` if it is none. A last piece that stands for no whole byte is left out.
 */
export function decodeBase64(text: string): string | undefined {
  const plain = text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  try {
    return atob(whole);
  } catch {
    // There is an equals sign in its middle, or what is no base64.
    return undefined;
  }
}
