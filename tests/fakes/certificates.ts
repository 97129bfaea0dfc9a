/** A throw-away certificate authority and what it signed, PEM. */
export interface Certificates {
  /** The authority's certificate. */
  readonly authority: string;
  readonly cert: string;
  readonly key: string;
}

/** Whether the `openssl` program is there to make certificates with. */
export const CAN_CERTIFY: boolean = await openssl(["version"], ".").then(() => true, () => false);

/** A certificate for the given names and addresses, signed by a new authority. */
export async function certify(...names: readonly string[]): Promise<Certificates> {
  const folder = await Deno.makeTempDir();
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    await openssl(
      ["req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2"].concat([
        "-subj",
        "/CN=Throw-away",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
      ]),
      folder,
    );
    await openssl(
      ["req", ...curve, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=server"],
      folder,
    );
    const alternatives = names.map((name) => `${/^[\d.]+$/.test(name) ? "IP" : "DNS"}:${name}`);
    await Deno.writeTextFile(`${folder}/extensions`, `subjectAltName=${alternatives.join(",")}\n`);
    await openssl(
      ["x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key"].concat(
        ["-CAcreateserial", "-out", "cert.pem", "-days", "2", "-extfile", "extensions"],
      ),
      folder,
    );
    const [authority = "", cert = "", key = ""] = await Promise.all(
      ["ca.pem", "cert.pem", "key.pem"].map((file) => Deno.readTextFile(`${folder}/${file}`)),
    );
    return { authority, cert, key };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function openssl(args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args], cwd }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
