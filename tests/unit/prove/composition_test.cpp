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
