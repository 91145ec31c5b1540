// Reads a calendar on stdin with a parser that is not ours, and says on stdout what it understood.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const require = createRequire(pathToFileURL(process.argv[2] + "/"));
const { default: ICAL } = await import(pathToFileURL(require.resolve("ical.js")));

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const attendee = event.attendees[0];
  return {
    uid: event.uid,
    sequence: event.sequence,
    titre: event.summary,
    lieu: event.location,
    description: event.description,
    debut: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
    fin: event.startDate.isDate ? "" : event.endDate.toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    statut: component.getFirstPropertyValue("status"),
    organisateur: event.organizer,
    invite: attendee?.getFirstValue(),
    nom: attendee?.getParameter("cn"),
    rsvp: attendee?.getParameter("rsvp"),
  };
});
process.stdout.write(JSON.stringify({ methode: calendar.getFirstPropertyValue("method"), nom: calendar.getFirstPropertyValue("x-wr-calname"), events }));
