"use strict";

// airtable.js against a server that speaks Airtable's Web API, changed in nothing but the endpoint.
// AIRTABLE_ENDPOINT_URL and AIRTABLE_API_KEY come from the environment, the base's id as argument.
// Prints what it saw as JSON; the Python test beside it judges.

const Airtable = require("airtable");

async function main(baseId) {
  const table = new Airtable().base(baseId)("Airlines");
  const seen = {};

  seen.listed = (await table.select({ fields: ["Code"], pageSize: 5 }).all()).length;
  seen.filtered = (await table.select({ filterByFormula: '{Code} = "UA"' }).all()).map((r) => r.get("Name"));
  seen.sorted = (await table.select({ sort: [{ field: "Code", direction: "desc" }], maxRecords: 2 }).firstPage()).map(
    (r) => r.get("Code"),
  );
  // Longer than a URL may be: airtable.js turns to POST listRecords by itself.
  const long = `OR({Code} = "UA", {Code} = "${"x".repeat(16000)}")`;
  seen.posted = (await table.select({ filterByFormula: long }).all()).length;

  const [first, second] = await table.create([
    { fields: { Code: "J1", Name: "One" } },
    { fields: { Code: "J2", Name: "Two" } },
  ]);
  seen.created = [first.get("Name"), second.get("Name")];
  seen.found = (await table.find(first.id)).get("Code");
  seen.updated = (await table.update(first.id, { Name: "Changed" })).get("Name");
  seen.batchUpdated = (await table.update([{ id: second.id, fields: { Name: "Also" } }]))[0].get("Name");
  seen.replaced = (await table.replace(first.id, { Code: "J3" })).fields;
  const upserted = await new Promise((resolve, reject) => {
    const body = {
      performUpsert: { fieldsToMergeOn: ["Code"] },
      records: [{ fields: { Code: "J2", Name: "Merged" } }, { fields: { Code: "J4", Name: "New" } }],
    };
    new Airtable().base(baseId).runAction("patch", "/Airlines", {}, body, (error, response, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  seen.upserted = {
    created: upserted.createdRecords.length,
    updated: upserted.updatedRecords,
    names: upserted.records.map((r) => r.fields.Name),
  };
  seen.second = second.id;
  seen.destroyed = (await table.destroy(first.id)).id === first.id;
  seen.batchDestroyed = (await table.destroy([second.id, upserted.createdRecords[0]])).length;
  seen.missing = await table.find(first.id).then(
    () => "found",
    (error) => [error.error, error.statusCode],
  );
  seen.unknownField = await table.create({ Nope: 1 }).then(
    () => "created",
    (error) => [error.error, error.message, error.statusCode],
  );
  process.stdout.write(JSON.stringify(seen));
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.stack || JSON.stringify(error)}\n`);
  process.exitCode = 1;
});
