-- Adultes-relais (code du travail L5134-100 and D5134-145 onwards; R-AR-1 to R-AR-7): one line is one convention, for one post.
-- No column can hold a name, a birth date or an address: of whoever occupies a post only the dates are kept.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE adulte_relais (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    numero          text CONSTRAINT adulte_relais_numero_unique UNIQUE -- of the convention; null until it is given one
                    CONSTRAINT adulte_relais_numero CHECK (btrim(numero) <> '' AND length(numero) <= 40),
    employeur_id    bigint NOT NULL REFERENCES organisme,
    categorie       text NOT NULL CONSTRAINT adulte_relais_categorie_connue CHECK (categorie IN
                    ('collectivite', 'eple', 'sante', 'hlm', 'association', 'service_public')), -- R-AR-1
    departement     text NOT NULL CONSTRAINT adulte_relais_departement CHECK (departement ~ '^([0-9]{2}|2[AB]|97[0-9]|98[0-9])$'), -- whose quota it counts in
    territoire_id   integer REFERENCES territoire, -- commune or EPCI, beside or instead of quarters
    missions        text[] NOT NULL DEFAULT '{}' CONSTRAINT adulte_relais_missions_connues CHECK (missions <@ ARRAY
                    ['accueil', 'demarches', 'cadre_de_vie', 'conflits', 'parentalite', 'vie_associative']),
    missions_texte  text NOT NULL DEFAULT '' CONSTRAINT adulte_relais_missions_court CHECK (length(missions_texte) <= 2000),
    quotite         numeric(5, 2) NOT NULL DEFAULT 100 -- working time, per cent of full time
                    CONSTRAINT adulte_relais_mi_temps CHECK (quotite BETWEEN 50 AND 100), -- R-AR-4
    debut           date NOT NULL,
    fin             date NOT NULL,
    etat            text NOT NULL DEFAULT 'demande' CONSTRAINT adulte_relais_etat_connu CHECK (etat IN
                    ('demande', 'avis', 'accordee', 'signee', 'pourvue', 'vacante', 'terminee', 'resiliee', 'refusee')),
    avis            text CONSTRAINT adulte_relais_avis_connu CHECK (avis IN ('favorable', 'reserve', 'defavorable')),
    avis_texte      text NOT NULL DEFAULT '' CONSTRAINT adulte_relais_avis_court CHECK (length(avis_texte) <= 2000),
    avis_le         date,
    accordee_le     date,
    signee_le       date,
    close_le        date, -- terminated, refused, or come to its end
    motif           text NOT NULL DEFAULT '' CONSTRAINT adulte_relais_motif_court CHECK (length(motif) <= 2000), -- of the refusal or of the termination
    asp             text NOT NULL DEFAULT '' CONSTRAINT adulte_relais_asp_court CHECK (length(asp) <= 40), -- payment reference
    precedente_id   bigint REFERENCES adulte_relais, -- the convention that it renews
    demonstration   boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    cree_le         timestamptz NOT NULL DEFAULT now(),
    cle             uuid CONSTRAINT adulte_relais_cle_unique UNIQUE,
    CONSTRAINT adulte_relais_dates CHECK (fin >= debut),
    CONSTRAINT adulte_relais_trois_ans CHECK (fin < debut + interval '3 years'), -- R-AR-3
    CONSTRAINT adulte_relais_avis_complet CHECK ((avis IS NULL) = (avis_le IS NULL)),
    CONSTRAINT adulte_relais_signature CHECK (etat NOT IN ('signee', 'pourvue', 'vacante', 'terminee') OR (signee_le IS NOT NULL AND numero IS NOT NULL)),
    CONSTRAINT adulte_relais_cloture CHECK ((etat IN ('terminee', 'resiliee', 'refusee')) = (close_le IS NOT NULL)),
    CONSTRAINT adulte_relais_motif_donne CHECK (etat NOT IN ('resiliee', 'refusee') OR btrim(motif) <> ''),
    CONSTRAINT adulte_relais_autre_que_soi CHECK (precedente_id <> id)
);
CREATE INDEX adulte_relais_employeur ON adulte_relais (employeur_id);
CREATE INDEX adulte_relais_fin ON adulte_relais (fin, id);
CREATE INDEX adulte_relais_etat ON adulte_relais (etat);
CREATE INDEX adulte_relais_territoire ON adulte_relais (territoire_id);
CREATE UNIQUE INDEX adulte_relais_renouvelee_une_fois ON adulte_relais (precedente_id) WHERE etat <> 'refusee';

CREATE TABLE adulte_relais_qpv (
    adulte_relais_id bigint NOT NULL REFERENCES adulte_relais ON DELETE CASCADE,
    qpv_id           integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (adulte_relais_id, qpv_id)
);
CREATE INDEX adulte_relais_qpv_qpv ON adulte_relais_qpv (qpv_id);

-- When a post was occupied. That whoever occupies it meets the conditions was checked by an agent on a day; how is in their file.
CREATE TABLE adulte_relais_occupation (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    adulte_relais_id bigint NOT NULL REFERENCES adulte_relais ON DELETE CASCADE,
    debut            date NOT NULL,
    fin              date, -- null: still occupied
    conditions_le    date NOT NULL, -- conditions of R-AR-2 verified on
    conditions_par   bigint REFERENCES compte, -- the agent who verified; null: taken up from before the portal
    CONSTRAINT adulte_relais_occupation_dates CHECK (fin >= debut),
    CONSTRAINT adulte_relais_occupation_conditions CHECK (conditions_le <= debut), -- on the day of the hiring at the latest
    CONSTRAINT adulte_relais_occupation_sans_recouvrement
        EXCLUDE USING gist (adulte_relais_id WITH =, daterange(debut, fin, '[]') WITH &&)
);

-- No hiring before the convention is signed (D5134-152, R-AR-5), and none outside its dates.
-- +goose StatementBegin
CREATE FUNCTION adulte_relais_occupation_juste() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a adulte_relais;
BEGIN
    SELECT * INTO a FROM adulte_relais WHERE id = NEW.adulte_relais_id;
    IF a.signee_le IS NULL OR NEW.debut < a.signee_le THEN
        RAISE EXCEPTION 'hired before the convention is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'adulte_relais_occupation_apres_signature';
    END IF;
    IF NEW.debut < a.debut OR NEW.debut > a.fin OR NEW.fin > a.fin THEN
        RAISE EXCEPTION 'occupied outside the convention' USING ERRCODE = 'check_violation', CONSTRAINT = 'adulte_relais_occupation_pendant';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER adulte_relais_occupation_juste BEFORE INSERT OR UPDATE ON adulte_relais_occupation
    FOR EACH ROW EXECUTE FUNCTION adulte_relais_occupation_juste();

-- What the préfet waives, who, when and why.
CREATE TABLE adulte_relais_derogation (
    adulte_relais_id bigint NOT NULL REFERENCES adulte_relais ON DELETE CASCADE,
    regle            text NOT NULL CONSTRAINT adulte_relais_derogation_regle CHECK (regle IN ('residence', 'quota', 'avis')),
    motif            text NOT NULL CONSTRAINT adulte_relais_derogation_motif CHECK (btrim(motif) <> '' AND length(motif) <= 2000),
    le               date NOT NULL,
    par              bigint REFERENCES compte,
    PRIMARY KEY (adulte_relais_id, regle)
);

-- Supporting papers that came: one line per quarter, named by its first day. A quarter without a line is missing (D5134-154, R-AR-6).
CREATE TABLE adulte_relais_piece (
    adulte_relais_id bigint NOT NULL REFERENCES adulte_relais ON DELETE CASCADE,
    trimestre        date NOT NULL CONSTRAINT adulte_relais_piece_trimestre CHECK (extract(day FROM trimestre) = 1 AND extract(month FROM trimestre) IN (1, 4, 7, 10)),
    recue_le         date NOT NULL,
    PRIMARY KEY (adulte_relais_id, trimestre)
);

-- Restricted to the préfecture and to the employer. What anybody may read of a post is a view of its own (migration 44).
ALTER TABLE adulte_relais ENABLE ROW LEVEL SECURITY;
CREATE POLICY adulte_relais_lu ON adulte_relais FOR SELECT TO portail_app
    USING (moi_prefecture() OR moi_role() = 'tache' OR employeur_id = moi_organisme());
CREATE POLICY adulte_relais_ajoute ON adulte_relais FOR INSERT TO portail_app WITH CHECK (moi_role() IN ('administrateur', 'gestionnaire'));
CREATE POLICY adulte_relais_change ON adulte_relais FOR UPDATE TO portail_app USING (moi_prefecture());

-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['adulte_relais_qpv', 'adulte_relais_occupation', 'adulte_relais_derogation', 'adulte_relais_piece'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', nom_table);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO portail_app USING (EXISTS (SELECT FROM adulte_relais a WHERE a.id = adulte_relais_id))',
                       nom_table || '_lu', nom_table);
        EXECUTE format('CREATE POLICY %I ON %I FOR ALL TO portail_app USING (moi_role() IN (''administrateur'', ''gestionnaire'', ''direction''))',
                       nom_table || '_change', nom_table);
    END LOOP;
    FOREACH nom_table IN ARRAY ARRAY['adulte_relais', 'adulte_relais_qpv', 'adulte_relais_occupation'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION publier()',
                       nom_table || '_publier', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE ON adulte_relais TO portail_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON adulte_relais_qpv, adulte_relais_occupation, adulte_relais_derogation, adulte_relais_piece TO portail_app;

-- +goose Down
DROP TABLE adulte_relais_piece, adulte_relais_derogation, adulte_relais_occupation, adulte_relais_qpv, adulte_relais;
DROP FUNCTION adulte_relais_occupation_juste();
-- Another subject may still use the extension.
-- +goose StatementBegin
DO $$ BEGIN DROP EXTENSION btree_gist; EXCEPTION WHEN dependent_objects_still_exist OR undefined_object THEN NULL; END $$;
-- +goose StatementEnd
