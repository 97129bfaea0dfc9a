/** The egress room, unchanged. @module */
import "../../../../src/rooms/egress.ts";
