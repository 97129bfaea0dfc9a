/** Something that carries frames between two rooms, in order, each whole. */
export interface Transport {
  /** Sends one frame. @throws `DataCloneError` for a value that cannot cross */
  post(frame: unknown, transfer?: readonly Transferable[]): void;
  /** Calls `receive` for each frame that arrives, from now on. */
  listen(receive: (frame: unknown) => void): void;
  /** Ends it; nothing arrives afterwards. */
  close(): void;
}

/** A `MessagePort` as a transport. Frames that arrived before `listen` are not lost. */
export function portTransport(port: MessagePort): Transport {
  return {
    post: (frame, transfer = []) => port.postMessage(frame, [...transfer]),
    listen(receive) {
      port.onmessage = (event) => receive(event.data);
    },
    close() {
      port.onmessage = null;
      port.close();
    },
  };
}
