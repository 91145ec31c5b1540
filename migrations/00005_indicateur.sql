-- Figures (R-F-1, R-F-2): a catalogue, and values that keep every version.

-- +goose Up
CREATE TABLE indicateur (
    code         text PRIMARY KEY CONSTRAINT indicateur_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    libelle      text NOT NULL,
    definition   text NOT NULL,
    thematique   text NOT NULL CONSTRAINT indicateur_thematique_connue CHECK (thematique IN
                 ('demographie', 'pauvrete_et_droits', 'emploi', 'logement', 'education', 'sante', 'securite', 'cadre_de_vie')),
    unite        text NOT NULL,              -- hab., %, €, ratio…
    decimales    smallint NOT NULL DEFAULT 0,
    nature       text NOT NULL CONSTRAINT indicateur_nature_connue CHECK (nature IN ('effectif', 'part', 'moyenne', 'indice')),
    sens         text NOT NULL DEFAULT 'neutre' -- what a higher value means
                 CONSTRAINT indicateur_sens_connu CHECK (sens IN ('favorable', 'defavorable', 'neutre')),
    producteur   text NOT NULL,
    seuil_secret integer NOT NULL DEFAULT 11 CONSTRAINT indicateur_seuil CHECK (seuil_secret >= 0), -- 0: the figure is a legal public one
    publique      boolean NOT NULL DEFAULT true,
    des_quartiers boolean NOT NULL DEFAULT true, -- can be measured in a quarter; false: only in the places around it
    licence      text NOT NULL DEFAULT 'Licence Ouverte / Open Licence 2.0',
    reserve      text NOT NULL DEFAULT '',   -- shown wherever the figure is
    ordre        smallint NOT NULL
);

CREATE TABLE valeur (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    indicateur     text NOT NULL REFERENCES indicateur,
    qpv_id         integer REFERENCES qpv ON DELETE CASCADE,
    territoire_id  integer REFERENCES territoire ON DELETE CASCADE,
    millesime      smallint CONSTRAINT valeur_millesime CHECK (millesime BETWEEN 1900 AND 2100), -- null: the source states none
    trimestre      smallint CONSTRAINT valeur_trimestre CHECK (trimestre BETWEEN 1 AND 4),
    valeur         numeric NOT NULL CONSTRAINT valeur_finie CHECK (valeur NOT IN ('NaN', 'Infinity', '-Infinity')),
    source         text NOT NULL,
    etat           text NOT NULL DEFAULT 'publie' CONSTRAINT valeur_etat_connu CHECK (etat IN ('propose', 'certifie', 'publie')),
    version        integer NOT NULL DEFAULT 1,
    courante       boolean NOT NULL DEFAULT true, -- the last version; former ones stay
    importation_id integer REFERENCES importation,
    creee_le       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT valeur_un_territoire CHECK (num_nonnulls(qpv_id, territoire_id) = 1),
    CONSTRAINT valeur_trimestre_date CHECK (trimestre IS NULL OR millesime IS NOT NULL)
);
CREATE UNIQUE INDEX valeur_courante_unique ON valeur (indicateur, qpv_id, territoire_id, millesime, trimestre) NULLS NOT DISTINCT WHERE courante;
CREATE INDEX valeur_qpv ON valeur (qpv_id, indicateur) WHERE courante;
CREATE INDEX valeur_territoire ON valeur (territoire_id, indicateur) WHERE courante;

-- What anybody may read: published, public, and masked below the producer's threshold (R-F-2). Every public page, chart
-- and export reads this view and never the table.
CREATE VIEW valeur_publiee WITH (security_invoker = true) AS
SELECT v.id, v.indicateur, v.qpv_id, v.territoire_id, v.millesime, v.trimestre,
       CASE WHEN i.nature = 'effectif' AND v.valeur < i.seuil_secret THEN NULL ELSE v.valeur END AS valeur,
       i.nature = 'effectif' AND v.valeur < i.seuil_secret AS secret,
       v.source, v.creee_le
FROM valeur v JOIN indicateur i ON i.code = v.indicateur
WHERE v.courante AND v.etat = 'publie' AND i.publique;

CREATE TRIGGER indicateur_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicateur
    FOR EACH STATEMENT EXECUTE FUNCTION publier();
CREATE TRIGGER valeur_publier AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON valeur
    FOR EACH STATEMENT EXECUTE FUNCTION publier();

-- The catalogue that the open data at hand needs.
INSERT INTO indicateur (ordre, code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, seuil_secret, reserve) VALUES
(10, 'population_municipale', 'Population municipale', 'Personnes ayant leur résidence habituelle dans le territoire, au sens du recensement.', 'demographie', 'hab.', 0, 'effectif', 'neutre', 'INSEE', 0, ''),
(11, 'population_qpv', 'Population en quartier prioritaire', 'Somme calculée des populations municipales des quartiers prioritaires du territoire.', 'demographie', 'hab.', 0, 'effectif', 'neutre', 'INSEE, calcul du portail', 0, ''),
(20, 'indice_jeunesse', 'Indice de jeunesse', 'Nombre de personnes de 0 à 19 ans pour une personne de 60 ans ou plus.', 'demographie', 'ratio', 1, 'indice', 'neutre', 'INSEE', 0, 'verifier'),
(30, 'nb_menages', 'Ménages', 'Nombre de ménages, probablement au sens fiscal ; le producteur ne le précise pas.', 'demographie', 'ménages', 0, 'effectif', 'neutre', 'INSEE', 11, 'verifier'),
(31, 'part_menages_1_pers', 'Ménages d’une personne', 'Part des ménages composés d’une seule personne.', 'demographie', '%', 1, 'part', 'neutre', 'INSEE', 0, 'verifier'),
(32, 'part_menages_2_pers', 'Ménages de deux personnes', 'Part des ménages composés de deux personnes.', 'demographie', '%', 1, 'part', 'neutre', 'INSEE', 0, 'verifier'),
(33, 'part_menages_3_pers', 'Ménages de trois personnes', 'Part des ménages composés de trois personnes.', 'demographie', '%', 1, 'part', 'neutre', 'INSEE', 0, 'verifier'),
(34, 'part_menages_4_5_pers', 'Ménages de quatre ou cinq personnes', 'Part des ménages composés de quatre ou cinq personnes.', 'demographie', '%', 1, 'part', 'neutre', 'INSEE', 0, 'verifier'),
(35, 'part_menages_6_pers_plus', 'Ménages de six personnes ou plus', 'Part des ménages composés de six personnes ou plus.', 'demographie', '%', 1, 'part', 'neutre', 'INSEE', 0, 'verifier'),
(40, 'taux_pauvrete_60', 'Taux de pauvreté', 'Part de la population dont le niveau de vie est inférieur à 60 % de la médiane nationale.', 'pauvrete_et_droits', '%', 1, 'part', 'defavorable', 'INSEE', 0, 'verifier'),
(41, 'revenu_disponible_median_uc', 'Revenu disponible médian', 'Revenu disponible médian par unité de consommation.', 'pauvrete_et_droits', '€', 0, 'moyenne', 'favorable', 'INSEE, Filosofi', 0, ''),
(42, 'pers_couvertes_caf', 'Personnes couvertes par la CAF', 'Allocataires de la CAF, conjoints, enfants et autres personnes à charge.', 'pauvrete_et_droits', 'personnes', 0, 'effectif', 'neutre', 'CNAF', 11, 'verifier'),
(43, 'allocataires_caf', 'Allocataires de la CAF', 'Foyers percevant au moins une prestation de la CAF.', 'pauvrete_et_droits', 'foyers', 0, 'effectif', 'neutre', 'CNAF', 11, 'verifier'),
(44, 'allocataires_rsa_socle', 'Allocataires du RSA socle', 'Foyers allocataires du RSA socle.', 'pauvrete_et_droits', 'foyers', 0, 'effectif', 'neutre', 'CNAF', 11, 'verifier'),
(50, 'taux_emploi', 'Taux d’emploi', 'Part des personnes en emploi ; l’INSEE retient les 15-64 ans.', 'emploi', '%', 1, 'part', 'favorable', 'INSEE', 0, 'verifier'),
(51, 'taux_chomage_15_64_rp', 'Taux de chômage au sens du recensement', 'Chômeurs de 15 à 64 ans rapportés aux actifs de 15 à 64 ans, au sens du recensement. Ne se compare pas au taux de chômage localisé.', 'emploi', '%', 1, 'part', 'defavorable', 'INSEE, calcul', 0, ''),
(52, 'taux_chomage_localise', 'Taux de chômage localisé', 'Taux de chômage trimestriel de la zone d’emploi, corrigé des variations saisonnières. Ne se compare pas au taux du recensement.', 'emploi', '%', 1, 'part', 'defavorable', 'INSEE', 0, ''),
(60, 'nb_logements_sociaux', 'Logements sociaux', 'Logements du répertoire du parc locatif social (RPLS).', 'logement', 'logements', 0, 'effectif', 'neutre', 'SDES', 11, 'verifier'),
(61, 'taux_logement_social_sru', 'Taux de logement social (SRU)', 'Part de logements sociaux au sens de la loi relative à la solidarité et au renouvellement urbains.', 'logement', '%', 1, 'part', 'neutre', 'Ministère du logement', 0, '');

UPDATE indicateur SET des_quartiers = false WHERE code IN ('population_qpv', 'taux_chomage_localise', 'taux_logement_social_sru');

UPDATE indicateur SET reserve = 'Valeur reprise d’une copie publique et non recoupée : à vérifier sur insee.fr. Le millésime n’est pas précisé par la source.'
WHERE reserve = 'verifier' AND code <> 'taux_pauvrete_60';
UPDATE indicateur SET reserve = 'Valeur reprise d’une copie publique et non recoupée : à vérifier sur insee.fr.' WHERE reserve = 'verifier';

-- +goose Down
DROP VIEW valeur_publiee;
DROP TABLE valeur;
DROP TABLE indicateur;
