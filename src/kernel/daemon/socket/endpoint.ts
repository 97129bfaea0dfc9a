/**
 * Where the daemon listens: a Unix socket that only its user can open, or a loopback port where there are
 * none, or its path would be too long for one. Whoever comes must prove in both cases that they may read
 * the token's file.
 * @module
 */
import { isRecord } from "../../../rpc/frame.ts";
import { KernelError } from "../../error.ts";

/** A socket's path, or a loopback port. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly port: number };

/** Systems take 103 bytes or more. */
const PATH_LIMIT_BYTES = 100;
const LOOPBACK = "127.0.0.1";
const OTHERS_NOTHING = 0o077;

/** The socket, or the port where that path cannot be one. */
export function endpointOf(path: string, port: number): Endpoint {
  const isTooLong = new TextEncoder().encode(path).length > PATH_LIMIT_BYTES;
  return Deno.build.os === "windows" || isTooLong ? { kind: "tcp", port } : { kind: "unix", path };
}

/** Reads a foreign value as an endpoint; `undefined` if it is none. */
export function readEndpoint(value: unknown): Endpoint | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, path, port } = value;
  if (kind === "unix" && typeof path === "string") return { kind, path };
  return kind === "tcp" && Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536
    ? { kind, port: Number(port) }
    : undefined;
}

/**
 * Listens there. A path must be free; port 0 takes a free one.
 * @throws {KernelError} `daemon`
 */
export function listenAt(endpoint: Endpoint): Deno.Listener {
  try {
    if (endpoint.kind === "tcp") return Deno.listen({ hostname: LOOPBACK, port: endpoint.port });
    // The socket must never be open to others, not for a moment.
    const before = Deno.umask(OTHERS_NOTHING);
    try {
      const listener = Deno.listen({ transport: "unix", path: endpoint.path });
      Deno.chmodSync(endpoint.path, 0o600);
      return listener;
    } finally {
      Deno.umask(before);
    }
  } catch (cause) {
    const place = endpoint.kind === "tcp" ? `port ${endpoint.port}` : endpoint.path;
    const hint = endpoint.kind === "tcp"
      ? "run pyra config set daemon.ipc_port 0, to take any free one"
      : "remove what is there, or choose another name with pyra config set daemon.socket_path";
    throw new KernelError("daemon", `the daemon cannot listen at ${place}`, hint, cause);
  }
}

/** Connects to it. @throws the `Deno.errors` of connecting */
export async function connectTo(endpoint: Endpoint): Promise<Deno.Conn> {
  return endpoint.kind === "tcp"
    ? await Deno.connect({ hostname: LOOPBACK, port: endpoint.port })
    : await Deno.connect({ transport: "unix", path: endpoint.path });
}
