// Loaded before a server: collects garbage and tells the memory in use when the parent asks.
process.on("message", () => {
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed } = process.memoryUsage();
  process.send({ rss, heapUsed });
});
process.channel.unref();
