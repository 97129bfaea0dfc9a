/** The same request as `pyra ask`, with the same library and nothing else. @module */
import OpenAI from "openai";

const client = new OpenAI({
  apiKey: "sk-bench-1234567890",
  baseURL: Deno.env.get("BARE_URL") ?? "",
  maxRetries: 0,
});
const stream = await client.chat.completions.create({
  model: "model",
  messages: [{ role: "user", content: "hello" }],
  stream: true,
});
for await (const chunk of stream) {
  const text = chunk.choices[0]?.delta.content ?? "";
  await Deno.stdout.write(new TextEncoder().encode(text));
}
