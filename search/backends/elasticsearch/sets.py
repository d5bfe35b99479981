"""Which letters a query finds, without their order: for counts; the same as `tantivy/sets.py`.

What stands in the subject or names the people stands among the words too: for counts a word is
looked for in two fields, where its order needs seven.
"""

from language.arabic_attached import behind_particles
from language.nearness import misread
from search.backends.elasticsearch.mapping import safe
from search.backends.elasticsearch.parts import Json, any_of, term, terms
from search.backends.elasticsearch.query import MOST_NEIGHBOURS, QueryBuilder
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery, Prefix, Word


class SetQueries(QueryBuilder):
    """Builds queries that find the same letters, without the parts that only weigh them."""

    def build(
        self, query: SearchQuery, parsed: ParsedQuery, *among: Json, chosen: bool = True
    ) -> Json:
        """Build the query, `among` these filters; `chosen`: under those of the facets too."""
        parts = self.holding(query, parsed, chosen=chosen)
        parts["filter"] += among
        if parsed.must or parsed.number:
            parts["filter"].append(self._wanted(parsed))
        return {"bool": parts}

    def _word(self, word: Word) -> Json:
        answers = [term("words", word.text), terms("stems", word.stems)]
        if word.number:
            answers += self._written(word.number)
            answers.append(term("number_key", word.number))
        if word.key:
            answers.append(term("keys", word.key))
        if word.names:
            answers.append(terms("names", word.listed_names))
        if word.typos:
            answers.append(self._near("words", word.text, word.typos))
        if word.stem_typos:
            answers.append(self._near("stems", word.stems[0], word.stem_typos))
        return any_of(answers)

    def _near(self, field: str, text: str, typos: int) -> Json:
        """Match near words: what is within one letter is within two.

        Of so many neighbours as the order takes: those of one letter come first there too.
        """
        near = {"value": safe(text), "fuzziness": typos, "max_expansions": MOST_NEIGHBOURS}
        ways: list[Json] = [{"fuzzy": {field: near}}]
        if alike := misread(text):
            ways.append(terms(field, alike))
        return any_of(ways)

    def _phrase(self, words: tuple[str, ...]) -> Json:
        spelt = [words, *((first, *words[1:]) for first in behind_particles(words[0]))]
        return any_of([self._side_by_side("words", one, 1.0) for one in spelt])

    def _prefix(self, prefix: Prefix) -> Json:
        return any_of(self._beginning("words", prefix.text, 1.0))
