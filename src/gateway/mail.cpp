#include "gateway/mail.hpp"

#include <variant>

namespace heliograph::gateway {

std::size_t weight(const Mail& mail) {
  return std::visit(
      []<class Each>(const Each& each) {
        if constexpr (std::is_same_v<Each, signaling::WorkerMessage>) {
          return signaling::weight(each);
        } else if constexpr (requires { each.data; }) {
          return weight(each.data.size());
        } else if constexpr (std::is_same_v<Each, mail::Return>) {
          return sizeof(Mail) + each.request.app.size();
        } else {
          return sizeof(Mail);
        }
      },
      mail);
}

}  // namespace heliograph::gateway
