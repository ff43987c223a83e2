import type { Driver } from "./driver.ts";
import { openMemory } from "./memory.ts";

/** A small music shop, the same at every start: what is open when nothing is configured. */
const SCHEMA = `
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, country TEXT NOT NULL);
CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists(id),
  title TEXT NOT NULL, released DATE NOT NULL);
CREATE TABLE genres (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tracks (id INTEGER PRIMARY KEY, album_id INTEGER NOT NULL REFERENCES albums(id),
  genre_id INTEGER NOT NULL REFERENCES genres(id), title TEXT NOT NULL,
  seconds INTEGER NOT NULL CHECK (seconds > 0), price NUMERIC NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id),
  issued DATE NOT NULL);
CREATE TABLE invoice_lines (invoice_id INTEGER NOT NULL REFERENCES invoices(id),
  track_id INTEGER NOT NULL REFERENCES tracks(id), quantity INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (invoice_id, track_id)) WITHOUT ROWID;
CREATE INDEX albums_artist ON albums(artist_id);
CREATE INDEX tracks_album ON tracks(album_id);
CREATE VIEW sales_by_country AS SELECT customers.country, count(*) AS lines,
  round(sum(tracks.price * invoice_lines.quantity), 2) AS total
  FROM invoice_lines JOIN invoices ON invoices.id = invoice_id
  JOIN customers ON customers.id = customer_id JOIN tracks ON tracks.id = track_id
  GROUP BY customers.country;`;

const ROWS = `
INSERT INTO genres (name) VALUES ('Rock'), ('Jazz'), ('Classical'), ('Electronic'), ('Folk');
INSERT INTO artists (name, country) VALUES ('The Northern Lights', 'Norway'),
  ('Quiet Harbour', 'Ireland'), ('Los Relojes', 'Argentina'), ('Kanto Ensemble', 'Japan'),
  ('Delta Street Five', 'United States'), ('Ada and the Engines', 'United Kingdom'),
  ('Sable Noir', 'France'), ('Oskar Lind', 'Sweden');
INSERT INTO albums (artist_id, title, released)
  SELECT a.id, a.name || ', vol. ' || v.value, date('1990-01-15', (a.id * 3 + v.value * 2) || ' years')
  FROM artists a, (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3) v;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8)
  INSERT INTO tracks (album_id, genre_id, title, seconds, price)
  SELECT al.id, 1 + (al.artist_id + n.i / 6) % 5, 'Track ' || n.i || ' of ' || al.title,
    120 + (al.id * 37 + n.i * 53) % 300, CASE WHEN n.i % 4 = 0 THEN 1.29 ELSE 0.99 END
  FROM albums al, n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
  INSERT INTO customers (name, email, country)
  SELECT 'Customer ' || i, 'customer' || i || '@example.com',
    CASE i % 5 WHEN 0 THEN 'Norway' WHEN 1 THEN 'France' WHEN 2 THEN 'Japan' WHEN 3 THEN 'Brazil'
    ELSE 'Canada' END FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
  INSERT INTO invoices (customer_id, issued) SELECT 1 + (i * 7) % 40, date('2024-01-01', (i * 3) || ' days')
  FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
  INSERT INTO invoice_lines (invoice_id, track_id, quantity)
  SELECT inv.id, 1 + (inv.id * 13 + n.i * 29) % 192, 1 + n.i % 2 FROM invoices inv, n;`;

export async function openSample(): Promise<Driver> {
  const driver = await openMemory();
  driver.exec(SCHEMA);
  driver.exec(ROWS);
  return driver;
}
