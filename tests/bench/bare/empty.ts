/** The least that a program in this runtime takes. @module */
export {};
