/** The vault room, unchanged. @module */
import "../../../../src/rooms/vault.ts";
