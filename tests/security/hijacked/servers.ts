/**
 * The world outside: pages, a search service, mail, a place for code and a stranger's host, all on loopback.
 * Each keeps what reached it.
 * @module
 */

/** Who is reached. `evil` is nobody's but the attacker's. */
export type Place = typeof PLACES[number];
/** All of them. */
export const PLACES = ["pages", "search", "mail", "code", "evil", "raw"] as const;

/** What reached somebody. */
export interface Arrival {
  readonly place: Place;
  readonly method: string;
  /** Address, headers and body as they came. */
  readonly text: string;
  readonly path: string;
}

/** The servers, and what they are to say. */
export class Outside implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  /** What a path of `pages` and `mail`, a query of `search`, a name of `status` is answered with. */
  readonly texts = new Map<string, string>();
  readonly #servers = new Map<Place, Deno.HttpServer<Deno.NetAddr>>();
  readonly #raw = Deno.listen({ port: 0, hostname: "127.0.0.1" });

  constructor() {
    for (const place of ["pages", "search", "mail", "code", "evil"] as const) {
      this.#servers.set(
        place,
        Deno.serve(
          { port: 0, hostname: "127.0.0.1", onListen() {} },
          (request) => this.#answer(place, request),
        ),
      );
    }
    void this.#listen();
  }

  /** The port of a place. */
  port(place: Place): number {
    return place === "raw" ? this.#raw.addr.port : this.#servers.get(place)?.addr.port ?? 0;
  }

  /** `http://127.0.0.1:40123` */
  origin(place: Place): string {
    return `http://127.0.0.1:${this.port(place)}`;
  }

  async #answer(place: Place, request: Request): Promise<Response> {
    const url = new URL(request.url);
    const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const body = await request.text();
    const path = url.pathname + url.search;
    const { method } = request;
    this.arrivals.push({ place, method, path, text: `${path}\n${headers}\n\n${body}` });
    const id = url.pathname.split("/").at(-1) ?? "";
    const said = this.texts.get(id) ?? "all is well here";
    if (url.pathname.startsWith("/away")) {
      const to = `${this.origin("evil")}/${url.pathname.slice(6)}${url.search}`;
      return new Response(null, { status: 302, headers: { location: to } });
    }
    if (place === "search") {
      const found = this.texts.get(url.searchParams.get("q") ?? "") ?? "a page about that";
      const result = { title: "Found", url: `${this.origin("pages")}/found`, content: found };
      return Response.json({ results: [result] });
    }
    if (method !== "GET") return new Response("it is done");
    return new Response(said, { headers: { "content-type": "text/plain; charset=utf-8" } });
  }

  async #listen(): Promise<void> {
    for await (const connection of this.#raw) {
      const keep = async () => {
        const text = await new Response(connection.readable).text();
        this.arrivals.push({ place: "raw", method: "LINE", path: "", text });
      };
      // A line that breaks off has arrived in part, or not at all.
      keep().catch(() => this.arrivals.push({ place: "raw", method: "LINE", path: "", text: "" }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#raw.close();
    await Promise.all([...this.#servers.values()].map((server) => server.shutdown()));
  }
}
