"use strict";

// Preloaded into a client whose code fixes Airtable's hosts: what it fetches there goes to AIRTABLE_ENDPOINT_URL.
// The client itself stays as it was published; an address of anybody else is refused.

const HOSTS = new Set(["api.airtable.com", "content.airtable.com"]);
const fetchOfNode = globalThis.fetch;

globalThis.fetch = async (address, options) => {
  const asked = new URL(address);
  if (!HOSTS.has(asked.hostname)) throw new Error(`${asked.hostname} is not a host of Airtable`);
  return fetchOfNode(new URL(asked.pathname + asked.search, process.env.AIRTABLE_ENDPOINT_URL), options);
};
