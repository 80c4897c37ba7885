// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/composition.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;
using prove::Composer;
using map::SumClaim;
using netlist::NetId;
using prove::LinearForm;

namespace {

/// Three bits in two full adders: a + b + c = s0 + 2 k, and k + d = s1 + 2 t.
struct Adders {
  NetId a{2}, b{3}, c{4}, d{5}, s0{6}, k{7}, s1{8}, t{9};

  [[nodiscard]] std::vector<SumClaim> equations() const {
    return {{{{a, 1}, {b, 1}, {c, 1}}, 0, {{s0, 1}, {k, 2}}, {}}, {{{k, 1}, {d, 1}}, 0, {{s1, 1}, {t, 2}}, {}}};
  }
  [[nodiscard]] LinearForm total() const { return {{{a, 1}, {b, 1}, {c, 1}, {d, 2}}, 0}; }
};

}  // namespace

TEST_CASE("a sum that is composed of proven adders is exact", "[prove][composition]") {
  const Adders x;
  const auto equations = x.equations();
  const auto difference = Composer(equations).bound(x.total(), {{{x.s0, 1}, {x.s1, 2}, {x.t, 4}}, 0});
  CHECK(difference.minimum == 0);
  CHECK(difference.maximum == 0);
  CHECK_FALSE(difference.loose);
}

TEST_CASE("a sum with a bit too much, too little or of wrong weight is refused", "[prove][composition]") {
  const Adders x;
  const auto equations = x.equations();
  const Composer composer(equations);
  const LinearForm number{{{x.s0, 1}, {x.s1, 2}, {x.t, 4}}, 0};
  LinearForm missing = x.total();
  missing.terms.pop_back();
  LinearForm heavy = x.total();
  heavy.terms[0].weight = 2;
  LinearForm off = x.total();
  off.constant = 1;
  for (const LinearForm& wrong : {missing, heavy, off}) {
    const auto difference = composer.bound(wrong, number);
    CHECK((difference.minimum != 0 || difference.maximum != 0));
  }
  // Two outputs swapped.
  const auto swapped = composer.bound(x.total(), {{{x.s1, 1}, {x.s0, 2}, {x.t, 4}}, 0});
  CHECK((swapped.minimum != 0 || swapped.maximum != 0));
  CHECK(swapped.loose);
}

TEST_CASE("a dropped carry that the range leaves no room for is nothing", "[prove][composition]") {
  const NetId a{2};
  const NetId b{3};
  const NetId s{4};
  const NetId k{5};
  // a + b = s + 2 k, then k = r + dropped carry.
  const NetId r{6};
  const std::vector<SumClaim> equations{{{{a, 1}, {b, 1}}, 0, {{s, 1}, {k, 2}}, {}}, {{{k, 1}}, 0, {{r, 1}}, {2}}};
  const auto fits = Composer(equations).bound({{{a, 1}, {b, 1}}, 0}, {{{s, 1}, {r, 2}}, 0});
  CHECK(fits.minimum == 0);
  CHECK(fits.maximum == 0);
  // The same carry matters where the sum may be larger than the bits built can say.
  const std::vector<SumClaim> cut{{{{a, 1}, {b, 1}}, 0, {{s, 1}}, {2}}};
  const auto lost = Composer(cut).bound({{{a, 1}, {b, 1}}, 0}, {{{s, 1}}, 0});
  CHECK(lost.maximum == 2);
}

TEST_CASE("a carry out alone decides a comparison", "[prove][composition]") {
  const std::vector<NetId> x{NetId{2}, NetId{3}, NetId{4}};
  const NetId k{5};
  const NetId y{6};
  // x0 + x1 + 1 = (sum bit not built) + 2 k; 2 (k + x2) as well: x0 + x1 + 2 x2 + 1 = 4 y + r, r in 0..3.
  const std::vector<SumClaim> equations{{{{x[0], 1}, {x[1], 1}, {NetId::one, 1}}, 0, {{k, 2}}, {1}},
                                        {{{k, 1}, {x[2], 1}}, 0, {{y, 2}}, {1}}};
  const auto rest = Composer(equations).bound({{{x[0], 1}, {x[1], 1}, {x[2], 2}}, 0}, {{{y, 4}}, -1});
  CHECK(rest.minimum == 0);
  CHECK(rest.maximum == 3);
}

TEST_CASE("a number that several sums read is exact where it was proven as a whole", "[prove][composition]") {
  // a + b + c = s + 2 k with a carry that cannot occur, t another name of k; as a whole: a + b + c = s + 2 t.
  const NetId a{2}, b{3}, c{4}, d{5}, s{6}, k{7}, t{8};
  Composer composer;
  composer.add({{{a, 1}, {b, 1}, {c, 1}}, 0, {{s, 1}, {k, 2}}, {4}});
  composer.add({{{k, 1}}, 0, {{t, 1}}, {}});
  const LinearForm inputs{{{a, 1}, {b, 1}, {c, 1}}, 0};
  const LinearForm number{{{s, 1}, {t, 2}}, 0};
  const auto whole = composer.bound(inputs, number);
  CHECK(whole.minimum == 0);
  CHECK(whole.maximum == 0);
  // The range of a sum that reads it with another bit of weight 8 leaves room for the carry.
  LinearForm total{{{d, 8}, {a, 1}, {b, 1}, {c, 1}}, 0};
  const LinearForm read{{{d, 8}, {s, 1}, {t, 2}}, 0};
  const auto before = composer.bound(total, read);
  CHECK((before.minimum != 0 || before.maximum != 0));
  composer.add({inputs.terms, 0, number.terms, {}, true});
  const auto after = composer.bound(total, read);
  CHECK(after.minimum == 0);
  CHECK(after.maximum == 0);
}

TEST_CASE("a bit of a shared number that is left out is nothing where the range leaves no room for it", "[prove][composition]") {
  const NetId a{2}, b{3}, c{4}, s{5}, k{6}, top{7};
  const LinearForm inputs{{{a, 1}, {b, 1}, {c, 1}}, 0};
  Composer composer;
  composer.add({inputs.terms, 0, {{s, 1}, {k, 2}, {top, 4}}, {}});
  composer.add({inputs.terms, 0, {{s, 1}, {k, 2}, {top, 4}}, {}, true});
  const auto cut = composer.bound(inputs, {{{s, 1}, {k, 2}}, 0});
  CHECK(cut.minimum == 0);
  CHECK(cut.maximum == 0);
}

TEST_CASE("a threshold that is the top bit of a shared number leaves the bits below it as the rest", "[prove][composition]") {
  // Two positions of a chain whose carry cannot occur; as a whole: a + b + 2 c = s + 2 t + 4 u.
  const NetId a{2}, b{3}, c{4}, s{5}, k{6}, t{7}, u{8};
  Composer composer;
  composer.add({{{a, 1}, {b, 1}}, 0, {{s, 1}, {k, 2}}, {}});
  composer.add({{{k, 1}, {c, 1}}, 0, {{t, 1}, {u, 2}}, {4}});
  const LinearForm inputs{{{a, 1}, {b, 1}, {c, 2}}, 0};
  composer.add({inputs.terms, 0, {{s, 1}, {t, 2}, {u, 4}}, {}, true});
  const auto rest = composer.bound(inputs, {{{u, 4}}, 0});
  CHECK(rest.minimum == 0);
  CHECK(rest.maximum == 3);
}

TEST_CASE("a threshold may be the top bit of a shared number, at another weight", "[prove][composition]") {
  const NetId a{2}, b{3}, c{4}, s{5}, k{6}, t{7}, u{8};
  Composer composer;
  composer.add({{{a, 1}, {b, 1}}, 0, {{s, 1}, {k, 2}}, {}});
  composer.add({{{k, 1}, {c, 1}}, 0, {{t, 1}, {u, 2}}, {4}});
  const LinearForm inputs{{{a, 1}, {b, 1}, {c, 2}}, 0};
  const LinearForm number{{{s, 1}, {t, 2}, {u, 4}}, 0};
  composer.add({inputs.terms, 0, number.terms, {}, true});
  // 4 more, and the carry out of three positions is u: number + 4 = 8 u + r, r in 0..7.
  composer.add({number.terms, 4, {{u, 8}}, {1, 2, 4}});
  const auto rest = composer.bound(inputs, {{{u, 8}}, -4});
  CHECK(rest.minimum == 0);
  CHECK(rest.maximum == 7);
}
