/**
 * Reads base64 as it stands in foreign text.
 * @module
 */

/**
 * The bytes, one character each, of base64 in either alphabet, with or without the filling at its end;
 * `undefined` if it is none. A last piece that stands for no whole byte is left out.
 */
export function decodeBase64(text: string): string | undefined {
  let end = text.length;
  while (text[end - 1] === "=") end--;
  const plain = text.slice(0, end).replaceAll("-", "+").replaceAll("_", "/");
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  // There may be an equals sign in its middle, or what is no base64; to throw for each would take long.
  return /^[A-Za-z0-9+/]*$/.test(whole) ? atob(whole) : undefined;
}
