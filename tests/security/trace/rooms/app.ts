/** The app's room behind a tap on every port. @module */
import "./tap.ts";
import "../../../../src/rooms/app.ts";
