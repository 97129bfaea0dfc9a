import { renderText } from "./render.ts";

/** What a new profile begins with. */
export interface InitialSettings {
  readonly provider: string;
  readonly model: string;
  /** Only for a provider at an address of its own. */
  readonly baseUrl?: string;
}

/** The text of a new profile's `config.yaml`. */
export function initialConfig({ provider, model, baseUrl }: InitialSettings): string {
  const address = baseUrl === undefined ? "" : `  base_url: ${renderText(baseUrl)}\n`;
  return `# Pyra's settings. \`pyra config list\` shows all of them with what they mean.
ai:
  provider_id: ${renderText(provider)}
  model: ${renderText(model)}
${address}`;
}
