-- What a decision bears on in a contract: the contract, and one of its engagements, named by its lignée so that the link outlives an
-- avenant.

-- +goose Up
ALTER TABLE decision RENAME COLUMN engagement_id TO engagement_lignee;
ALTER TABLE decision
    ADD CONSTRAINT decision_contrat_id_fkey FOREIGN KEY (contrat_id) REFERENCES contrat,
    ADD CONSTRAINT decision_engagement_du_contrat CHECK (engagement_lignee IS NULL OR contrat_id IS NOT NULL);
CREATE INDEX decision_contrat ON decision (contrat_id) WHERE contrat_id IS NOT NULL;

-- +goose Down
DROP INDEX decision_contrat;
ALTER TABLE decision DROP CONSTRAINT decision_engagement_du_contrat, DROP CONSTRAINT decision_contrat_id_fkey;
ALTER TABLE decision RENAME COLUMN engagement_lignee TO engagement_id;
